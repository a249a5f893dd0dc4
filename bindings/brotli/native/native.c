/* The loops around libbrotli that would cost too much in Python.
 *
 * Output is taken where libbrotli keeps it (BrotliDecoderTakeOutput): Python copies it once, into the
 * bytes that it returns.  Not here: checks of arguments, errors, threads; Python does those.
 */

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    HB_INPUT,   /* no output without more input */
    HB_DONE,    /* the stream has ended, and all of its output was taken */
    HB_PENDING, /* output waits to be taken */
    HB_AGAIN,   /* nothing waits, but the input at hand may still bring some */
    HB_FAILED   /* the input is no Brotli stream */
};

/* A whole stream that is no larger is left here, so that one call does all the work. */
#define HB_SCRATCH 65536
/* Small memory of libbrotli's comes from here: malloc takes a tenth of the time of a small stream. */
#define HB_ARENA 65536
/* A window below this makes pieces so small that they are gathered in the scratch. */
#define HB_SMALL 16384
/* Input up to this is decoded into the scratch at once; of more, most would not fit there. */
#define HB_SHORT 16384

/* What hb_compress says where it has no size to tell. */
#define HB_NO_ROOM (-1)
#define HB_NO_MEMORY (-2)
#define HB_OUT_OF_RANGE (-3)

typedef struct {
    const uint8_t *out;
    size_t out_size;
    size_t consumed; /* where in the data that was handed in the next call goes on */
    BrotliDecoderState *state;
    int starved; /* the last that libbrotli said is that it needs more input */
    uint8_t *scratch;
    uint8_t *arena;
    size_t arena_used;
} hb_decoder;

typedef struct {
    const uint8_t *out;
    size_t out_size;
    size_t consumed;
    BrotliEncoderState *state;
} hb_encoder;

/* --- decoding ------------------------------------------------------------------------------- */

static void *hb_arena_take(void *opaque, size_t size)
{
    hb_decoder *decoder = opaque;
    size_t rounded = (size + 15) & ~(size_t)15;

    if (rounded < size || rounded > HB_ARENA - decoder->arena_used)
        return malloc(size);
    decoder->arena_used += rounded;
    return decoder->arena + (decoder->arena_used - rounded);
}

static void hb_arena_give(void *opaque, void *address)
{
    hb_decoder *decoder = opaque;
    uint8_t *byte = address;

    if (byte < decoder->arena || byte >= decoder->arena + HB_ARENA)
        free(address);
}

static void hb_decoder_end(hb_decoder *decoder)
{
    if (decoder->state)
        BrotliDecoderDestroyInstance(decoder->state);
    decoder->state = NULL;
    decoder->arena_used = 0;
    decoder->starved = 0;
    decoder->out = NULL;
    decoder->out_size = 0;
}

static void hb_decoder_free(hb_decoder *decoder)
{
    hb_decoder_end(decoder);
    free(decoder->scratch);
    free(decoder->arena);
    free(decoder);
}

/* A decoder without a stream; NULL when there is no memory. */
static hb_decoder *hb_decoder_new(void)
{
    hb_decoder *decoder = calloc(1, sizeof *decoder);

    if (!decoder)
        return NULL;
    decoder->scratch = malloc(HB_SCRATCH);
    decoder->arena = malloc(HB_ARENA);
    if (!decoder->scratch || !decoder->arena) {
        hb_decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

static uint8_t *hb_decoder_scratch(hb_decoder *decoder)
{
    return decoder->scratch;
}

static int hb_decoder_error(hb_decoder *decoder)
{
    return decoder->state ? (int)BrotliDecoderGetErrorCode(decoder->state) : 0;
}

static const char *hb_decoder_error_name(int code)
{
    return BrotliDecoderErrorString((BrotliDecoderErrorCode)code);
}

static int hb_status(hb_decoder *decoder, size_t end)
{
    if (BrotliDecoderHasMoreOutput(decoder->state))
        return HB_PENDING;
    if (BrotliDecoderIsFinished(decoder->state))
        return HB_DONE;
    return decoder->starved && decoder->consumed == end ? HB_INPUT : HB_AGAIN;
}

/* Decode into `room` bytes at `out`, or with no room at all up to a full window. */
static int hb_decode(hb_decoder *decoder, const uint8_t *data, size_t end, size_t *room,
                     uint8_t *out)
{
    const uint8_t *next = data + decoder->consumed;
    size_t left = end - decoder->consumed;
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(decoder->state, &left, &next, room, &out, NULL);

    decoder->consumed = end - left;
    decoder->starved = result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;
    if (result == BROTLI_DECODER_RESULT_ERROR)
        return HB_FAILED;
    return hb_status(decoder, end);
}

/* Go on with data[start:end] until it is used up or there is output; `consumed` tells how far. */
static int hb_decoder_look(hb_decoder *decoder, const uint8_t *data, size_t start, size_t end)
{
    size_t none = 0;

    decoder->consumed = start;
    decoder->out_size = 0;
    return hb_decode(decoder, data, end, &none, NULL);
}

/* The same, and take at most `limit` bytes of output, which must not be 0.  They stay valid until the
 * next call. */
static int hb_decoder_run(hb_decoder *decoder, const uint8_t *data, size_t start, size_t end,
                          size_t limit)
{
    int status;
    size_t room, brought;

    decoder->consumed = start;
    decoder->out_size = 0;
    if (!BrotliDecoderHasMoreOutput(decoder->state)) {
        status = hb_decoder_look(decoder, data, start, end);
        if (status != HB_PENDING)
            return status;
    }
    decoder->out_size = limit;
    decoder->out = BrotliDecoderTakeOutput(decoder->state, &decoder->out_size);
    status = hb_status(decoder, end);
    if (status != HB_AGAIN || decoder->out_size >= HB_SMALL || decoder->out_size == limit)
        return status;
    room = (limit < HB_SCRATCH ? limit : HB_SCRATCH) - decoder->out_size;
    brought = decoder->out_size + room;
    memcpy(decoder->scratch, decoder->out, decoder->out_size);
    status = hb_decode(decoder, data, end, &room, decoder->scratch + decoder->out_size);
    decoder->out = decoder->scratch;
    decoder->out_size = brought - room;
    return status;
}

static int hb_decoder_begin(hb_decoder *decoder)
{
    hb_decoder_end(decoder);
    decoder->state = BrotliDecoderCreateInstance(hb_arena_take, hb_arena_give, decoder);
    return decoder->state != NULL;
}

/* Begin a stream with a short input: its first output goes to the scratch without a detour. */
static int hb_decoder_short(hb_decoder *decoder, const uint8_t *data, size_t size, size_t limit)
{
    size_t brought = limit < HB_SCRATCH ? limit : HB_SCRATCH;
    size_t room = brought;
    int status;

    decoder->consumed = 0;
    status = hb_decode(decoder, data, size, &room, decoder->scratch);
    decoder->out = decoder->scratch;
    decoder->out_size = brought - room;
    return status;
}

/* Begin a stream, in the hope that it is a whole one.  What fits is then left in the scratch, with its
 * size as the result and the stream ended; else the result is -1 - status, and the stream goes on as
 * after hb_decoder_run. */
static ptrdiff_t hb_decoder_whole(hb_decoder *decoder, const uint8_t *data, size_t size,
                                  size_t limit)
{
    int status = HB_FAILED;
    size_t brought;

    if (!hb_decoder_begin(decoder))
        return -1 - HB_FAILED;
    if (size <= HB_SHORT)
        status = hb_decoder_short(decoder, data, size, limit);
    if (status == HB_FAILED) {
        /* It is long, or has a fault, which must not cost what comes before it: step by step. */
        if (!hb_decoder_begin(decoder))
            return -1 - HB_FAILED;
        status = hb_decoder_run(decoder, data, 0, size, limit);
    }
    brought = decoder->out_size;
    if (status != HB_DONE || decoder->consumed != size || brought > HB_SCRATCH)
        return -1 - status;
    if (brought && decoder->out != decoder->scratch)
        memcpy(decoder->scratch, decoder->out, brought);
    hb_decoder_end(decoder);
    return (ptrdiff_t)brought;
}

/* --- encoding ------------------------------------------------------------------------------- */

/* An encoder; NULL when there is no memory.  The parameters were checked. */
static BrotliEncoderState *hb_encoder_state(int mode, int quality, int lgwin, int lgblock)
{
    BrotliEncoderState *state = BrotliEncoderCreateInstance(NULL, NULL, NULL);

    if (state) {
        BrotliEncoderSetParameter(state, BROTLI_PARAM_MODE, (uint32_t)mode);
        BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, (uint32_t)quality);
        BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, (uint32_t)lgwin);
        BrotliEncoderSetParameter(state, BROTLI_PARAM_LGBLOCK, (uint32_t)lgblock);
    }
    return state;
}

static void hb_encoder_free(hb_encoder *encoder)
{
    BrotliEncoderDestroyInstance(encoder->state);
    free(encoder);
}

static hb_encoder *hb_encoder_new(int mode, int quality, int lgwin, int lgblock)
{
    hb_encoder *encoder = calloc(1, sizeof *encoder);

    if (!encoder)
        return NULL;
    encoder->state = hb_encoder_state(mode, quality, lgwin, lgblock);
    if (!encoder->state) {
        free(encoder);
        return NULL;
    }
    return encoder;
}

/* Go on with data[start:end] and take what output there is, which stays valid until the next call. */
static int hb_encoder_run(hb_encoder *encoder, int operation, const uint8_t *data, size_t start,
                          size_t end)
{
    const uint8_t *next = data + start;
    size_t left = end - start;
    size_t none = 0;
    uint8_t *nowhere = NULL;

    encoder->out_size = 0;
    if (!BrotliEncoderCompressStream(encoder->state, (BrotliEncoderOperation)operation, &left,
                                     &next, &none, &nowhere, NULL))
        return HB_FAILED;
    encoder->consumed = end - left;
    encoder->out = BrotliEncoderTakeOutput(encoder->state, &encoder->out_size);
    if (left || BrotliEncoderHasMoreOutput(encoder->state))
        return HB_AGAIN;
    if (operation == BROTLI_OPERATION_FINISH)
        return BrotliEncoderIsFinished(encoder->state) ? HB_DONE : HB_AGAIN;
    return HB_INPUT;
}

/* What `size` bytes take at most, nearly always: below quality 2 libbrotli promises nothing. */
static size_t hb_compress_bound(size_t size)
{
    return size + (size >> 12) + 1024;
}

/* Whether a stream can have these parameters. */
static int hb_in_range(int mode, int quality, int lgwin, int lgblock)
{
    return mode >= BROTLI_MODE_GENERIC && mode <= BROTLI_MODE_FONT &&
           quality >= BROTLI_MIN_QUALITY && quality <= BROTLI_MAX_QUALITY &&
           lgwin >= BROTLI_MIN_WINDOW_BITS && lgwin <= BROTLI_MAX_WINDOW_BITS &&
           (lgblock == 0 ||
            (lgblock >= BROTLI_MIN_INPUT_BLOCK_BITS && lgblock <= BROTLI_MAX_INPUT_BLOCK_BITS));
}

/* A whole stream at once, into `room` bytes at `out`: its size, or what HB_NO_ROOM and the other two
 * say. */
static ptrdiff_t hb_compress(int mode, int quality, int lgwin, int lgblock, const uint8_t *data,
                             size_t size, uint8_t *out, size_t room)
{
    BrotliEncoderState *state;
    size_t left = room;
    ptrdiff_t written = HB_NO_MEMORY;

    if (!hb_in_range(mode, quality, lgwin, lgblock))
        return HB_OUT_OF_RANGE;
    state = hb_encoder_state(mode, quality, lgwin, lgblock);
    if (!state)
        return HB_NO_MEMORY;
    if (BrotliEncoderCompressStream(state, BROTLI_OPERATION_FINISH, &size, &data, &left, &out,
                                    NULL))
        written = BrotliEncoderIsFinished(state) ? (ptrdiff_t)(room - left) : HB_NO_ROOM;
    BrotliEncoderDestroyInstance(state);
    return written;
}

/* --- which libbrotli this is ------------------------------------------------------------------ */

static uint32_t hb_version(void)
{
    return BrotliDecoderVersion();
}
