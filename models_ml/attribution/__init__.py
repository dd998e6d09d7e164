"""Attribution of conversions to channels: rules, Markov and Shapley over one table of paths (T1)."""

from models_ml.attribution.answer import GAMES, MODELS, Answer, ChannelCredit, attribute
from models_ml.attribution.reading import read_paths
from models_ml.attribution.table import PathTable
from models_ml.attribution.weigh import WeighReport, weigh

__all__ = [
    "GAMES",
    "MODELS",
    "Answer",
    "ChannelCredit",
    "PathTable",
    "WeighReport",
    "attribute",
    "read_paths",
    "weigh",
]
