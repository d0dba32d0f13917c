"""Makes a checkpoint openai-whisper reads from a Whisper model in Hugging Face's form, without its library.

That is how Hebrew models of ivrit.ai come. Only names change, not one weight. The safetensors form is
read directly: a length, a JSON header with the place of each tensor, then the bytes (its specification
is public); unlike pickled weights it can hold no program.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from speechqa.backends.manifest import find_entry, models_folder
from speechqa.backends.model_files import Verified, file_digest, record_digest
from speechqa.errors import EngineUnavailable, ModelError, ModelNotFound

_RENAMES = (
    (r"^model\.", ""),
    (r"^proj_out\.weight$", ""),  # the same tensor as the token embedding
    (r"\.layers\.", ".blocks."),
    (r"\.self_attn_layer_norm\.", ".attn_ln."),
    (r"\.encoder_attn_layer_norm\.", ".cross_attn_ln."),
    (r"\.self_attn\.", ".attn."),
    (r"\.encoder_attn\.", ".cross_attn."),
    (r"\.q_proj\.", ".query."),
    (r"\.k_proj\.", ".key."),
    (r"\.v_proj\.", ".value."),
    (r"\.out_proj\.", ".out."),
    (r"\.fc1\.", ".mlp.0."),
    (r"\.fc2\.", ".mlp.2."),
    (r"\.final_layer_norm\.", ".mlp_ln."),
    (r"^encoder\.layer_norm\.", "encoder.ln_post."),
    (r"^decoder\.layer_norm\.", "decoder.ln."),
    (r"\.embed_tokens\.", ".token_embedding."),
    (r"\.embed_positions\.weight$", ".positional_embedding"),
)

_DIMS = {
    "n_mels": "num_mel_bins",
    "n_audio_ctx": "max_source_positions",
    "n_audio_state": "d_model",
    "n_audio_head": "encoder_attention_heads",
    "n_audio_layer": "encoder_layers",
    "n_vocab": "vocab_size",
    "n_text_ctx": "max_target_positions",
    "n_text_state": "d_model",
    "n_text_head": "decoder_attention_heads",
    "n_text_layer": "decoder_layers",
}

_LARGEST_HEADER = 100_000_000


def convert(source: Path | str, name: str, folder: Path | str | None = None) -> Verified:
    """Write the checkpoint of a manifest's model from a downloaded folder, and record its digest.

    Parameters
    ----------
    source : path
        A folder with `config.json` and `.safetensors` files; read only.
    name : str
        The model's name in the manifest.
    folder : path, optional
        The models folder.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model, or the folder lacks a file.
    ModelError
        If the model is in another form, the checkpoint is already here, or a file cannot be read.
    """
    root, origin = models_folder(folder), Path(source)
    entry = find_entry(name, root)
    target = root / entry.file
    if entry.format != "huggingface" or not entry.file:
        raise ModelError(
            "this model needs or knows no conversion",
            found=f"{entry.name}, published as {entry.format}",
            expected="one published in Hugging Face's form",
        )
    if target.exists():
        raise ModelError(
            "the checkpoint is already here",
            where=str(target),
            hint="Remove it and its .sha256 file first to make it anew.",
        )
    checkpoint = read_huggingface(origin)
    root.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    try:
        import torch

        torch.save(checkpoint, draft)
        digest = file_digest(draft)
        # The digest first: a model without one, as a kill between the two would leave it, is not used.
        record_digest(target, digest)
        os.replace(draft, target)  # noqa: PTH105 - atomic
    except (OSError, RuntimeError) as error:  # torch says of a full disk what it says of all else
        raise ModelError(
            "the checkpoint cannot be written",
            where=str(target),
            found=getattr(error, "strerror", None) or str(error)[:200],
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return Verified(name=entry.name, path=str(target), sha256=digest)


def read_huggingface(folder: Path) -> dict[str, Any]:
    """The dimensions and weights of a Whisper model in Hugging Face's form, under openai's names.

    Raises
    ------
    ModelNotFound, ModelError
        If a file is missing or is not what it should be.
    """
    config = _config(folder / "config.json")
    dims = {ours: config[theirs] for ours, theirs in _DIMS.items()}
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise ModelNotFound("there are no weights", where=str(folder), expected="*.safetensors")
    state: dict[str, Any] = {}
    for file in files:
        for name, tensor in _tensors(file):
            ours = _renamed(name)
            if ours:
                state[ours] = tensor
    return {"dims": dims, "model_state_dict": state}


def _renamed(name: str) -> str:
    for pattern, replacement in _RENAMES:
        name = re.sub(pattern, replacement, name)
    return name


def _config(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelNotFound("the model's description is missing", where=str(path)) from error
    except (OSError, ValueError) as error:
        raise ModelError(
            "the model's description cannot be read", where=str(path), found=str(error)
        ) from error
    missing = [
        key for key in _DIMS.values() if not isinstance(config, dict) or not isinstance(config.get(key), int)
    ]
    if missing or config.get("model_type") != "whisper":
        raise ModelError(
            "the folder holds no Whisper model",
            where=str(path),
            found=f"no whole number at {', '.join(missing)}" if missing else "another model_type",
            expected="model_type whisper and its dimensions",
        )
    whole: Mapping[str, Any] = config
    return whole


def _tensors(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        import torch
    except (ImportError, OSError) as error:
        raise EngineUnavailable("torch does not load", found=str(error), hint="pip install torch") from error
    kinds = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= _LARGEST_HEADER:
                raise ValueError(f"a header of {length} bytes")
            header = json.loads(file.read(length))
            for name in sorted(header):
                if name == "__metadata__":
                    continue
                about = header[name]
                start, end = about["data_offsets"]
                if not 0 <= start < end <= path.stat().st_size:
                    raise ValueError(f"{name} lies outside of the file")
                file.seek(8 + length + start)
                data = bytearray(file.read(end - start))
                yield name, torch.frombuffer(data, dtype=kinds[about["dtype"]]).reshape(about["shape"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            "the weights cannot be read",
            where=str(path),
            found=f"{type(error).__name__}: {error}",
            expected="a whole safetensors file",
        ) from error
