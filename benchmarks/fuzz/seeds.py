"""What the fuzzer begins with: a few small inputs for each parser, all written here."""
# ruff: noqa: E501

from __future__ import annotations

import io
import struct
import zipfile

SIMPLE = (
    b'{"id": "c1", "language": "he", "agent_id": "a7", "started_at": "2026-11-20T09:14:00+02:00", '
    b'"queue_wait_s": 3.5, "transfers": 1, "duration": 9, "draft": false, "turns": [{"speaker": "agent", '
    b'"channel": 0, "text": "hello", "start": 0.4, "end": 3.1, "words": [{"text": "hello", "start": 0.4, '
    b'"end": 0.7, "confidence": 0.93}]}, {"speaker": 7, "text": ""}]}'
)
WHISPER = (
    b'{"text": "hi", "language": "en", "segments": [{"start": 0, "end": 1.5, "text": " hi", "avg_logprob": '
    b'-0.3, "words": [{"word": " hi", "start": 0, "end": 1.5, "probability": 0.9}]}]}'
)
WHISPERX = (
    b'{"segments": [{"start": 0, "end": 1, "text": "hi", "speaker": "SPEAKER_00", "words": [{"word": "hi", '
    b'"start": 0, "end": 1, "score": 0.9, "speaker": "SPEAKER_00"}]}], "word_segments": [{"word": "hi"}]}'
)
AWS = (
    b'{"jobName": "j", "results": {"language_code": "en-US", "items": [{"id": 0, "type": "pronunciation", '
    b'"start_time": "0.0", "end_time": "0.5", "speaker_label": "spk_0", "alternatives": [{"confidence": '
    b'"0.99", "content": "Hi"}]}, {"id": 1, "type": "punctuation", "alternatives": [{"content": "."}]}], '
    b'"audio_segments": [{"id": 0, "transcript": "Hi.", "start_time": "0.0", "end_time": "0.5", '
    b'"channel_label": "ch_0", "items": [0, 1]}]}}'
)
AWS_CHANNELS = (
    b'{"results": {"channel_labels": {"channels": [{"channel_label": "ch_0", "items": [{"start_time": "0.1", '
    b'"end_time": "0.2", "alternatives": [{"content": "a"}], "type": "pronunciation"}]}]}, "items": [], '
    b'"speaker_labels": {"segments": [{"items": [{"start_time": "0.1", "speaker_label": "spk_1"}]}]}}}'
)
ANALYTICS = (
    b'{"LanguageCode": "en-GB", "JobName": "j", "CustomerMetadata": {"ContactId": "c"}, "Participants": '
    b'[{"ParticipantId": "AGENT", "ParticipantRole": "AGENT"}], "Transcript": [{"ParticipantId": "AGENT", '
    b'"Content": "hi.", "BeginOffsetMillis": 10, "EndOffsetMillis": 900, "Items": [{"Content": "hi", '
    b'"Type": "pronunciation", "Confidence": 0.9, "BeginOffsetMillis": 10, "EndOffsetMillis": 800}, '
    b'{"Content": ".", "Type": "punctuation"}]}]}'
)
DOCUMENT = (
    b'{"schema_version":1,"call_id":"c1","path":"a.wav","status":"done","recording":null,"transcript":'
    b'{"language":"en","engine":"whisper","turns":[{"speaker":"agent","party":"A","start":0.4,"end":3.1,'
    b'"text":"hello","words":[]}]},"metadata":{"agent_id":"a7"},"roles":{},"findings":[],"scores":{}}'
)
FAILED = b'{"call_id":"c1","path":"a.wav","status":"failed","error":{"type":"X","message":"m","hint":null}}'
VTT = (
    b"WEBVTT\nKind: captions\nLanguage: he\n\nNOTE a\n\n1\n00:00:01.000 --> 00:00:02.500 align:start\n"
    b"<v Dana>hello <c.x>there</c> &amp; &#1488;</v>\n<v.loud Avi>no\n\n01:00.000 --> 01:02.000\nagent: yes\n"
)
SRT = b"1\n00:00:01,000 --> 00:00:02,500\nagent: <i>hello</i> {\\an8}\n\n2\n00:00:03,0 --> 00:00:04,9\ncustomer: no\n"
TEXTGRID = (
    b'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 9.5\ntiers? <exists>\nsize = 2\n'
    b'item []:\n item [1]:\n class = "IntervalTier"\n name = "agent"\n xmin = 0\n xmax = 9.5\n intervals: size = 1'
    b'\n intervals [1]:\n xmin = 0\n xmax = 1e0\n text = "he said ""hi"""\n item [2]:\n class = "TextTier"\n'
    b' name = "p"\n xmin = 0\n xmax = 9.5\n points: size = 1\n points [1]:\n number = 1\n mark = "x"\n'
)
TEXTGRID_SHORT = (
    b'"ooTextFile"\n"TextGrid"\n0\n2\n<exists>\n1\n"IntervalTier"\n"a"\n0\n2\n1\n0\n2\n"hi" ! c\n'
)
RTTM = b";; c\nSPEAKER c1 1 0.40 2.70 <NA> <NA> agent <NA> <NA>\nSPEAKER c1 2 3.6 6.2 <NA> <NA> spk2 <NA>\n"
CSV = (
    b"file,call_id,agent_id,agent_name,team,customer_id,started_at,direction,queue_wait_s,transfers,"
    b"agent_channel,agent_offset_s,language,tag\na.wav,c1,a7,Dana,t,k3,2026-11-20T09:14:00+02:00,in,1.5,2,0,-0.5,"
    b'he,"x, ""y"""\n../b.wav,,,,,,2026-11-20,,,,,,,\n'
)
CSV_PARTIES = (
    b"\xef\xbb\xbfagent_file;customer_file;agent offset s\nl.wav;r.wav;0.2\ns3://b/x.wav;file:///etc/p;\n"
)
JSON_LINES = (
    b'{"file": "a.wav", "agent_channel": 1, "tags": {"a": [1, 2.5, null]}, "started_at": "2026-11-20"}\n'
    b'{"agent_file": "/etc/passwd", "customer_file": "x/../../b", "transfers": 2.0}\n'
)
RUBRIC = (
    b'name = "r"\nversion = 1\ntitle = "T"\nminimum_calls = 3\nphrases = ["p.toml"]\n\n[[criterion]]\n'
    b'id = "thanks"\ncategory = "courtesy"\npoints = 5\n[criterion.options]\n\n[[criterion]]\nid = "mine"\n'
    b'detector = "said"\nsaid = "hello"\ncategory = "courtesy"\npoints = 5\n'
)
RUBRIC_BASE = b'name = "r"\nversion = 2\nextends = "b.toml"\ndrop = ["thanks"]\n[[criterion]]\nid = "mine"\npoints = 8\n'
PHRASES = (
    b'language = "en"\n[words]\nday = ["monday", "friday"]\n[hello]\nany = ["(good|nice) [very] morning", "thank* '
    b'*3 you", "@day # _ ^x"]\nunless = ["not hello"]\nlike = ["hi there"]\n[[contradiction]]\nname = "a_b"\n'
    b'one = ["vegan"]\nother = ["cheese"]\n[[reversal]]\nname = "z"\nvalues = "day"\nsaid = ["on @day"]\n'
)
PATTERN = b"(sorry|(really|so) [very]) about *4 th* # @day _ $\x00i am so sorry about it on monday 12"
REVIEWS = b'call,criterion,verdict,comment,blind,points\nc1,thanks,pass,"said, so",yes,5\n'
REVIEW_LINES = (
    b'{"call": "c1", "criterion": "thanks", "verdict": "fail", "comment": "x", "blind": true, "points": 3}\n'
)
ACCOUNT = b'{"basis": "ab", "calls": ["c1"], "files": {"c1.html": "cd"}, "kind": "call", "of": "c1"}\n'
REVIEW = (
    b'{"call_id":"c1","criterion":"thanks","verdict":"pass","comment":"x","machine":"fail","analysis":"ab"}'
)
PERIOD = b'{"name":"2026-10","first":"2026-10-01","last":"2026-10-31","reason":"paid"}'
CORRECTION = b'{"turn":0,"machine":"a","text":"b","by":"d","at":"2026-11-22T09:00:00+00:00","reason":"r","speaker":"agent"}'
NUMBERS = (
    "my card is 4580 4580 4580 4580, id 123456782, call 052-7881234 or mail dana.levi at gmail dot com, "
    "code four two one, מספר תעודת זהות אחת שתיים שלוש, dana@x.co.il IL620108000000099999999"
).encode()
ADDRESSES = (
    b"s3://key:secret@bucket/a b.wav?X-Sig=ab\nfile:///a%20b\nabfs://c@acc/x\nmemory://a/../b\nhttp://x::y"
)
SAID = (
    "by thursday 2026-11-26 within three business days or tomorrow\nתוך שלושה ימים\n2026-W05\n5G\n30".encode()
)
SETTINGS = b'{"engine":"whisper:small","language":"he","agent_channel":1,"role_floor":0.5,"profile":"il","agent_stress":true}'


def wav(code: int = 1, size: int | None = None, extra: bytes = b"") -> bytes:
    """A tiny WAV file; `size` is what its header claims."""
    sound = bytes(64)
    form = struct.pack("<HHIIHH", code, 1, 8000, 16000, 2, 16)
    claimed = len(sound) if size is None else size
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + extra + b"data" + struct.pack("<I", claimed) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def archive() -> bytes:
    """A tiny archive that is nearly a pack."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name, text in (
            ("README.txt", "r"), ("SHA256SUMS", "0" * 64 + "  README.txt\n"),
            ("manifest.json", '{"format":"speechqa pack 1","speechqa":"0","at":"2026-11-22T09:00:00+00:00",'
             '"by":"d","reason":"r","calls":[],"files":[{"path":"a","sha256":"0","size":1,"what":"x"}]}'),
        ):  # fmt: skip
            made.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 9, 0, 0)), text)
    return target.getvalue()


OGG = b"OggS\x00\x04" + bytes(20) + b"\x01\x04OpusOggS\x00\x02" + bytes(20) + b"\x02\xff\x10" + bytes(40)
FLAC = b"fLaC\x00\x00\x00\x22" + bytes(34)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x05hello\xff\xfb\x90\x00Xing" + bytes(30)

JSON_WORDS = (
    '"start"',
    '"end"',
    '"text"',
    '"speaker"',
    '"words"',
    "null",
    "NaN",
    "1e999",
    "-1",
    "[[",
    "{}",
    "\\ud800",
)
TOML_WORDS = (
    "[[",
    "]]",
    "=",
    '"""',
    "'''",
    "extends",
    "phrases",
    "drop",
    "any",
    "unless",
    "like",
    "any = [",
    "inf",
)
PHRASE_WORDS = ("(", ")", "|", "[", "]", "*8", "#", "@day", "^", "$", "_")
