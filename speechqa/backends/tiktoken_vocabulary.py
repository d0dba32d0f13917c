"""Whisper's vocabulary as CTranslate2 and the library tokenizers spell it, from openai-whisper's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def _letters() -> dict[int, str]:
    """The printable letter that stands for each byte, as GPT-2 chose them."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + at) for at, byte in enumerate(rest)}


_LETTER = _letters()


def spelled(token: bytes) -> str:
    """The bytes of a token as printable letters."""
    return "".join(_LETTER[byte] for byte in token)


def vocabulary(encoding: Any, size: int) -> list[str]:
    """All tokens of a tiktoken encoding by their ids, `size` of them.

    Raises
    ------
    ValueError
        If the encoding has another number of tokens.
    """
    # Some models have a last row or two in their embeddings that no token stands for.
    tokens = [f"<|unused{index}|>" for index in range(size)]
    ids: dict[str, int] = {spelled(token): rank for token, rank in encoding._mergeable_ranks.items()}
    ids |= encoding._special_tokens
    if max(ids.values()) >= size:
        raise ValueError(f"{max(ids.values()) + 1} tokens do not fit into {size}")
    for text, index in ids.items():
        tokens[index] = text
    return tokens


def _merges(ranks: Mapping[bytes, int]) -> list[tuple[str, str]]:
    """The pairs that byte-pair encoding joins, in its order; tiktoken keeps their results alone."""
    found = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        if len(token) == 1:
            continue
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            joined = [
                (ranks.get(parts[at] + parts[at + 1], rank), at) for at in range(len(parts) - 1)
            ]  # the token itself is not to be used on the way to it
            lowest, at = min(joined)
            if lowest >= rank:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        if len(parts) == 2:
            found.append((spelled(parts[0]), spelled(parts[1])))
    return found


def tokenizer_json(encoding: Any) -> str:
    """The encoding in the form that the library tokenizers reads, which faster-whisper asks for."""
    ranks, special = encoding._mergeable_ranks, encoding._special_tokens
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    document = {
        "version": "1.0",
        "added_tokens": [
            {
                "id": index,
                "content": text,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for text, index in sorted(special.items(), key=lambda item: item[1])
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": _SPLIT}, "behavior": "Isolated", "invert": False},
                byte_level,
            ],
        },
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {spelled(token): rank for token, rank in sorted(ranks.items(), key=lambda i: i[1])},
            "merges": [f"{left} {right}" for left, right in _merges(ranks)],
        },
    }
    return json.dumps(document, ensure_ascii=False)
