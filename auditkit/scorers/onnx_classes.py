"""Which classes an ONNX model tells apart, read from its own bytes: the labels that its classifying steps carry.

onnxruntime does not say them. The file is walked as the protocol buffer that it is: graph, nodes, attributes.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["onnx_classes"]

_GRAPH, _NODE, _ATTRIBUTE = 7, 1, 5
_NAME, _INTS, _STRINGS = 1, 8, 9
_LABELS = ("classlabels_strings", "classlabels_int64s", "classlabels_ints", "keys_strings", "keys_int64s")


def onnx_classes(content: bytes) -> tuple[str, ...] | tuple[int, ...] | None:
    """The labels, in their order; the last that the graph names with more than one. None where it names none.

    A file that is no protocol buffer has none.
    """
    found: tuple[str, ...] | tuple[int, ...] | None = None
    try:
        for graph in _parts(content, _GRAPH):
            for node in _parts(graph, _NODE):
                for attribute in _parts(node, _ATTRIBUTE):
                    name = b"".join(_parts(attribute, _NAME)).decode("utf-8", "replace")
                    if name in _LABELS and len(labels := _labels(attribute)) > 1:
                        found = labels
    except (IndexError, ValueError, UnicodeDecodeError):
        return None
    return found


def _labels(attribute: bytes) -> tuple[str, ...] | tuple[int, ...]:
    if texts := tuple(one.decode("utf-8") for one in _parts(attribute, _STRINGS)):
        return texts
    numbers: list[int] = []
    for kind, value in _fields(attribute):
        if kind == _INTS and isinstance(value, int):
            numbers.append(_signed(value))
        elif kind == _INTS and isinstance(value, bytes):
            place = 0
            while place < len(value):
                one, place = _varint(value, place)
                numbers.append(_signed(one))
    return tuple(numbers)


def _parts(content: bytes, field: int) -> Iterator[bytes]:
    """The fields of this number that hold bytes."""
    return (value for kind, value in _fields(content) if kind == field and isinstance(value, bytes))


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        kind, wire = key >> 3, key & 7
        if wire == 0:
            value, place = _varint(content, place)
            yield kind, value
        elif wire == 2:
            length, place = _varint(content, place)
            if place + length > len(content):
                raise ValueError(length)
            yield kind, content[place : place + length]
            place += length
        elif wire in (1, 5):
            place += 8 if wire == 1 else 4
        else:
            raise ValueError(wire)


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        one = content[place]
        value, shift, place = value | (one & 0x7F) << shift, shift + 7, place + 1
        if not one & 0x80:
            return value, place
        if shift > 63:
            raise ValueError(shift)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
