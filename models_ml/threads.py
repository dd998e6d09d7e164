"""Keeps training on one thread: on few and busy cores more are slower, and sums come out the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Within it, everything that scikit-learn and the linear algebra under it do runs on one thread."""
    # Only libraries that are already loaded can be limited.
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.model_selection  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
