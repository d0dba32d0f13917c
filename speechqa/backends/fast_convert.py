"""Makes a folder for CTranslate2 of a Whisper checkpoint in openai's form, without transformers."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any, Literal, get_args

from speechqa.backends.fast_decoding import suppressed
from speechqa.backends.fast_models import fast_folder, folder_digest, verify_fast
from speechqa.backends.manifest import find_entry, models_folder
from speechqa.backends.model_files import Verified, list_models, record_digest, require_digest
from speechqa.backends.tiktoken_vocabulary import tokenizer_json, vocabulary
from speechqa.backends.whisper import load_checkpoint
from speechqa.errors import EngineUnavailable, ModelError, UsageError
from speechqa.files.unfinished import work_folder

Precision = Literal["float32", "float16", "int8"]
"""How weights are kept; the engine computes in what suits the machine, whatever this is."""


def convert_fast(
    checkpoint: Path | str,
    name: str | None = None,
    folder: Path | str | None = None,
    *,
    precision: Precision = "float16",
) -> Verified:
    """Write the fast form of a checkpoint into the models folder, and record its digest.

    Parameters
    ----------
    checkpoint : path
        A ``.pt`` file; read only.
    name : str, optional
        The model's name in the manifest, whose digest the checkpoint must then have. Where absent it is told
        by the file's name; a checkpoint of the user's own is kept under its own.
    folder : path, optional
        The models folder.
    precision : str
        How weights are kept. `float16` serves both CPU and GPU; `int8` is smallest.

    Raises
    ------
    UsageError
        If there is no such precision.
    ModelNotFound
        If the manifest has no such model or there is no such file.
    ModelDigestMismatch
        If the checkpoint is not the manifest's.
    ModelError
        If the fast form is here already, or the checkpoint cannot be read.
    EngineUnavailable
        If CTranslate2 is not installed.
    """
    if precision not in get_args(Precision):
        raise UsageError(
            "there is no such precision", found=repr(precision), expected=" or ".join(get_args(Precision))
        )
    root, source = models_folder(folder), Path(checkpoint)
    known = {status.entry.file: status for status in list_models(root) if status.entry.usable}
    if name is not None:
        entry = find_entry(name, root)
        if not entry.usable:
            raise ModelError(
                "this model knows no conversion", found=f"{entry.name}, published as {entry.format}"
            )
        status = known.get(entry.file)
    else:
        status = known.get(source.name)
    target = fast_folder(status.entry, root) if status else root / f"{source.stem}.ct2"
    if target.exists():
        raise _here_already(target)
    if status is not None and status.expected_sha256 is not None:
        require_digest(source, status.expected_sha256)
    try:
        root.mkdir(parents=True, exist_ok=True)
        # Another process may be making the same: each has a folder of its own, and the first one done stays.
        with work_folder(root) as work:
            draft = work / target.name
            draft.mkdir()
            write_folder(source, draft, precision=precision)
            digest = folder_digest(draft)
            os.replace(draft, target)  # noqa: PTH105 - atomic
        record_digest(target, digest)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise _here_already(target) from error
        raise ModelError(
            "the fast form cannot be written", where=str(target), found=error.strerror or str(error)
        ) from error
    return Verified(name=status.entry.name if status else target.name, path=str(target), sha256=digest)


def fast_beside(checkpoint: Verified, folder: Path | str | None = None) -> Verified:
    """The fast form of a manifest's checkpoint that is here: verified where it is, made where it is not.

    Raises
    ------
    ModelDigestMismatch, ModelError, EngineUnavailable
        As of `convert_fast`, and if what is here has other bytes.
    """
    root = models_folder(folder)
    entry = find_entry(checkpoint.name, root)
    if fast_folder(entry, root).exists():
        return verify_fast(entry, root)
    return convert_fast(checkpoint.path, checkpoint.name, root)


def _here_already(target: Path) -> ModelError:
    return ModelError(
        "the fast form is already here",
        where=str(target),
        hint="Remove the folder and its .sha256 file first to make it anew.",
    )


def write_folder(checkpoint: Path, folder: Path, *, precision: Precision = "float16") -> None:
    """Write a checkpoint's model, vocabulary and settings into an empty folder.

    Raises
    ------
    EngineUnavailable, ModelError
        If CTranslate2 is not installed, or the checkpoint cannot be read.
    """
    try:
        from ctranslate2.specs import WhisperSpec
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            "the engine faster-whisper does not load", found=str(error), hint="pip install 'speechqa[fast]'"
        ) from error
    from whisper.tokenizer import get_tokenizer

    model = load_checkpoint(checkpoint)
    dims = model.dims
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    weights = {key: value.detach().float().cpu().numpy() for key, value in model.state_dict().items()}
    _fill_encoder(spec.encoder, weights)
    _fill_decoder(spec.decoder, weights)
    tokenizer = get_tokenizer(
        model.is_multilingual, num_languages=model.num_languages, language="en", task="transcribe"
    )
    spec.register_vocabulary(vocabulary(tokenizer.encoding, dims.n_vocab))
    spec.config.suppress_ids = suppressed(tokenizer)
    spec.config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    spec.config.lang_ids = sorted(tokenizer.all_language_tokens) if model.is_multilingual else []
    spec.config.alignment_heads = [[int(at), int(head)] for at, head in model.alignment_heads.indices().T]
    spec.validate()
    spec.optimize(quantization=None if precision == "float32" else precision)
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(tokenizer_json(tokenizer.encoding), encoding="utf-8")
    features = {"feature_size": dims.n_mels, "sampling_rate": 16_000, "hop_length": 160}
    features |= {"chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8")


def _fill_encoder(spec: Any, weights: dict[str, Any]) -> None:
    for name, layer in (("conv1", spec.conv1), ("conv2", spec.conv2)):
        _fill_linear(layer, weights, f"encoder.{name}")
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _fill_norm(spec.layer_norm, weights, "encoder.ln_post")
    for index, layer in enumerate(spec.layer):
        _fill_block(layer, weights, f"encoder.blocks.{index}")


def _fill_decoder(spec: Any, weights: dict[str, Any]) -> None:
    spec.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.projection.weight = weights["decoder.token_embedding.weight"]  # the same tensor in Whisper
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _fill_norm(spec.layer_norm, weights, "decoder.ln")
    for index, layer in enumerate(spec.layer):
        name = f"decoder.blocks.{index}"
        _fill_block(layer, weights, name)
        _fill_norm(layer.attention.layer_norm, weights, f"{name}.cross_attn_ln")
        queries, both, out = layer.attention.linear
        _fill_linear(queries, weights, f"{name}.cross_attn.query")
        _fuse(both, weights, [f"{name}.cross_attn.key", f"{name}.cross_attn.value"])
        _fill_linear(out, weights, f"{name}.cross_attn.out")


def _fill_block(layer: Any, weights: dict[str, Any], name: str) -> None:
    _fill_norm(layer.self_attention.layer_norm, weights, f"{name}.attn_ln")
    _fuse(layer.self_attention.linear[0], weights, [f"{name}.attn.{part}" for part in _PARTS])
    _fill_linear(layer.self_attention.linear[1], weights, f"{name}.attn.out")
    _fill_norm(layer.ffn.layer_norm, weights, f"{name}.mlp_ln")
    _fill_linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _fill_linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


_PARTS = ("query", "key", "value")


def _fill_linear(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.weight = weights[f"{name}.weight"]
    if f"{name}.bias" in weights:
        spec.bias = weights[f"{name}.bias"]


def _fill_norm(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _fuse(spec: Any, weights: dict[str, Any], names: list[str]) -> None:
    """Several projections as one matrix; Whisper's keys have no bias, which is a bias of zeros."""
    import numpy as np

    matrices = [weights[f"{name}.weight"] for name in names]
    zero = np.zeros(matrices[0].shape[0], dtype=matrices[0].dtype)
    spec.weight = np.concatenate(matrices)
    spec.bias = np.concatenate([weights.get(f"{name}.bias", zero) for name in names])
