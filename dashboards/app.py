"""What `streamlit run` starts: the pages, with Streamlit's own files at hand."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from dashboards.assets import Assets

app = st.App("streamlit_app.py", middleware=[Middleware(Assets)])
