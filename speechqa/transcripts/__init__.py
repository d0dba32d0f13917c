"""Transcripts of others in, transcripts of ours out: every format is read into and written from one value.

Reading trusts nothing: sizes, nesting, numbers and encodings are checked, and what does not fit is a
`TranscriptError` that says where. Writing is pure: values in, text out.
"""

from speechqa.transcripts.imported import ImportedTranscript
from speechqa.transcripts.pairs import Pair, are_sides, named_pairs, one_sided, speakers_of
from speechqa.transcripts.reading import FORMATS, merge, parse, read, read_pair
from speechqa.transcripts.timelines import write_rttm, write_textgrid
from speechqa.transcripts.writing import write_json, write_srt, write_txt, write_vtt

__all__ = [
    "FORMATS",
    "ImportedTranscript",
    "Pair",
    "are_sides",
    "merge",
    "named_pairs",
    "one_sided",
    "parse",
    "read",
    "read_pair",
    "speakers_of",
    "write_json",
    "write_rttm",
    "write_srt",
    "write_textgrid",
    "write_txt",
    "write_vtt",
]
