"""A budget for what a peer may cost us: a bucket of tokens that fills with time and good conduct.

Time is passed in, never read.
"""


class Budget:
    """`burst` tokens at most, refilled at `rate` tokens a second.

    A peer within its budget never notices it; one that spends faster than it earns runs dry.
    """

    __slots__ = ("_at", "balance", "burst", "rate", "spent")

    def __init__(self, burst: float, rate: float) -> None:
        self.burst = burst
        self.rate = rate
        self.balance = burst
        self.spent = False  # false while it is full: a refund would change nothing
        self._at: float = -1.0

    def spend(self, cost: float, now: float) -> bool:
        """Take `cost` tokens at time `now` (seconds, any epoch); false once the bucket is dry."""
        if self._at >= 0.0 and now > self._at:
            self.refund((now - self._at) * self.rate)
        if now > self._at:
            self._at = now
        self.balance -= cost
        self.spent = True
        return self.balance >= 0.0

    def refund(self, tokens: float) -> None:
        """Put tokens back for something that went well; never above `burst`."""
        self.balance = min(self.burst, self.balance + tokens)
        self.spent = self.balance < self.burst
