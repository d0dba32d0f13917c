"""A picture of a call, drawn into a file that the log of accesses names, so that a purge finds it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from speechqa.assembly.roles import stored_call
from speechqa.assembly.saving import require_not_purged
from speechqa.protocols import Store


def save_call_picture(store: Store, reference: str, target: Path, *, by: str) -> None:
    """Draw the customer's arousal over a call into a file, and log who took it.

    Parameters
    ----------
    target : Path
        A .svg or .png file; one that is there is replaced.

    Raises
    ------
    CallNotFound, UsageError, ReportError
        If there is no such call that was analysed, the file is of neither format, or cannot be written.
    """
    from speechqa.privacy.redaction import redact_text
    from speechqa.reports.arousal_picture import call_picture, picture_format, save_picture

    form = picture_format(target)
    document = stored_call(store, reference)
    picture = call_picture(document, form)
    # Nobody is given what was measured of a customer without a trace of it: the log first, then the file.
    store.log(
        "picture",
        call=document.call_id,
        actor=redact_text(by),
        details={"output": str(target.resolve()), "sha256": hashlib.sha256(picture).hexdigest()},
    )
    save_picture(target, picture)
    require_not_purged(store, (document.call_id,), (target,))
