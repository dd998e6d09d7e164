"""What `streamlit run` starts: the pages, with Streamlit's own files at hand."""

from __future__ import annotations

import importlib

import streamlit as st
from starlette.middleware import Middleware

from dashboards.assets import Assets

# Read before anybody comes: two readers' threads that read them at the same time find halves.
for name in ("pandas", "altair", "polars"):
    importlib.import_module(name)

app = st.App("streamlit_app.py", middleware=[Middleware(Assets)])
