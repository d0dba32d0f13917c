"""What people say of calls beside the machine: which calls to hear, what holds, and how far all agree."""

from speechqa.review.standing import findings_of_record, standing

__all__ = ["findings_of_record", "standing"]
