/* What Python sees of native.c: read by the compiler and by CFFI, so it holds declarations alone. */

#define HB_INPUT ...
#define HB_DONE ...
#define HB_PENDING ...
#define HB_AGAIN ...
#define HB_FAILED ...
#define HB_SCRATCH ...
#define HB_NO_ROOM ...

typedef struct {
    const uint8_t *out;
    size_t out_size;
    size_t consumed;
    ...;
} hb_decoder;

typedef struct {
    const uint8_t *out;
    size_t out_size;
    size_t consumed;
    ...;
} hb_encoder;

hb_decoder *hb_decoder_new(void);
void hb_decoder_free(hb_decoder *decoder);
void hb_decoder_end(hb_decoder *decoder);
int hb_decoder_run(hb_decoder *decoder, const uint8_t *data, size_t start, size_t end, size_t limit);
int hb_decoder_look(hb_decoder *decoder, const uint8_t *data, size_t start, size_t end);
ptrdiff_t hb_decoder_whole(hb_decoder *decoder, const uint8_t *data, size_t size, size_t limit);
uint8_t *hb_decoder_scratch(hb_decoder *decoder);
int hb_decoder_error(hb_decoder *decoder);
const char *hb_decoder_error_name(int code);

hb_encoder *hb_encoder_new(int mode, int quality, int lgwin, int lgblock);
void hb_encoder_free(hb_encoder *encoder);
int hb_encoder_run(hb_encoder *encoder, int operation, const uint8_t *data, size_t start, size_t end);

size_t hb_compress_bound(size_t size);
ptrdiff_t hb_compress(int mode, int quality, int lgwin, int lgblock,
                      const uint8_t *data, size_t size, uint8_t *out, size_t room);

uint32_t hb_version(void);
