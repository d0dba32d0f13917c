"""What keeps people's numbers out of everything that is written: card, ID, bank and security numbers.

Masking runs before anything is stored or shown, on text and on words alike, for digits as written and as
spoken, in English and in Hebrew.
"""

from speechqa.privacy.redaction import MaskedSpan, Redaction, redact, redact_text
from speechqa.privacy.spoken_numbers import spoken_digits

__all__ = ["MaskedSpan", "Redaction", "redact", "redact_text", "spoken_digits"]
