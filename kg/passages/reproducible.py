"""Training that gives the same weights twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reproducible(seed: int) -> Iterator[None]:
    """Seed PyTorch and add in one order.

    Several threads divide a sum by how busy the machine is, and floating-point sums depend on their order: the
    weights then differ in their last bits from run to run. One thread also gives the same on any number of cores.
    """
    import torch

    threads = torch.get_num_threads()
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
