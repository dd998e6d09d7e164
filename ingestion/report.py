"""What a landing did, per stream: rows and files by what became of them, and one line for each thing to be seen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class StreamReport:
    """One stream's landing: read = duplicates + refused + quarantined + landed."""

    source: str
    stream: str
    source_name: str
    files: int = 0
    refused_files: int = 0
    read: int = 0
    duplicates: int = 0
    refused: int = 0
    quarantined: int = 0
    landed: int = 0
    batch: int | None = None
    flags: dict[str, int] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The stream's full name."""
        return f"{self.source}/{self.stream}"


@dataclass(slots=True)
class LandReport:
    """All streams of a landing, and notes on what lies in the drop folder without being landed."""

    streams: list[StreamReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything new is visible in the lake or the quarantine."""
        return bool(self.changed_streams)

    @property
    def changed_streams(self) -> list[tuple[str, str]]:
        """Source and name of each stream with anything new, once each."""
        new = [(stream.source, stream.stream) for stream in self.streams if stream.landed or stream.quarantined]
        return list(dict.fromkeys(new))

    @property
    def messages(self) -> list[str]:
        """Every line that a person must see."""
        return [*(line for stream in self.streams for line in stream.messages), *self.notes]

    @property
    def files(self) -> int:
        """Files taken in."""
        return sum(stream.files for stream in self.streams)

    @property
    def refused_files(self) -> int:
        """Files that stay where they are, for the reasons in `messages`."""
        return sum(stream.refused_files for stream in self.streams)

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(stream.read for stream in self.streams)

    @property
    def duplicates(self) -> int:
        """Rows equal to what the lake has."""
        return sum(stream.duplicates for stream in self.streams)

    @property
    def refused(self) -> int:
        """Rows of refused files."""
        return sum(stream.refused for stream in self.streams)

    @property
    def quarantined(self) -> int:
        """Rows set aside."""
        return sum(stream.quarantined for stream in self.streams)

    @property
    def landed(self) -> int:
        """Rows that are new versions of their key."""
        return sum(stream.landed for stream in self.streams)
