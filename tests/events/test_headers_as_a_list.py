"""`Headers` against its model: for any field lines, it answers as the list of its pairs would."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import FieldLine, Headers
from tests.events.strategies import forms, on_wire, recased_forms
from tests.strategies import casings, field_names, header_lists


def lowered(lines: list[FieldLine]) -> list[FieldLine]:
    """Return the model: the pairs with their names in lower case."""
    return [(name.lower(), value) for name, value in lines]


@given(header_lists(), st.data())
def test_copies_and_pickles_are_equal(lines: list[FieldLine], data: st.DataObject) -> None:
    """A copy has the same lines, the same casing and the same answers."""
    headers = Headers(lines)
    if data.draw(st.booleans()):
        assert list(headers) == headers

    for twin in (
        copy.copy(headers),
        copy.deepcopy(headers),
        pickle.loads(pickle.dumps(headers)),
        Headers(headers),
    ):
        assert type(twin) is Headers
        assert twin == headers
        assert twin.raw_items() == headers.raw_items()
        assert [twin.get(name) for name, _ in lines] == [headers.get(name) for name, _ in lines]


@given(header_lists(), st.data())
def test_type_and_casing_of_the_input_do_not_matter(
    lines: list[FieldLine], data: st.DataObject
) -> None:
    """Text or octets, in any case: the headers are equal, and hold nothing but `bytes`."""
    headers = Headers(data.draw(recased_forms(lines)))

    assert headers == Headers(lines) == lowered(lines)
    for name, value in [*headers, *headers.raw_items()]:
        assert type(name) is type(value) is bytes


@given(header_lists(), st.data())
def test_behaves_as_the_list_of_its_pairs(lines: list[FieldLine], data: st.DataObject) -> None:
    """Whatever is asked, in any order: the answer is that of the list."""
    headers, model = Headers(lines), lowered(lines)
    indexes = st.integers(-len(model) - 1, len(model))
    asked = st.sampled_from(["slice", "index", "in", "count", "iterate", "length", "raw"])

    for question in data.draw(st.lists(asked, max_size=6)):
        match question:
            case "slice":
                part = data.draw(st.slices(len(model)))
                assert headers[part] == model[part]
            case "index":
                index = data.draw(indexes)
                assert headers[index : index + 1] == model[index : index + 1]
                if -len(model) <= index < len(model):
                    assert headers[index] == model[index]
                    assert headers.index(model[index]) == model.index(model[index])
                else:
                    with pytest.raises(IndexError):
                        headers[index]
            case "in":
                pair = data.draw(st.sampled_from([*model, *lines, (b"a", b"b")]))
                assert (pair in headers) == (pair in model)
            case "count":
                pair = data.draw(st.sampled_from([*model, *lines, (b"a", b"b")]))
                assert headers.count(pair) == model.count(pair)
            case "iterate":
                assert list(headers) == model
                assert list(reversed(headers)) == model[::-1]
            case "length":
                assert len(headers) == len(model)
            case "raw":
                assert headers.raw_items() == lines


@given(header_lists(), st.data())
def test_look_up_by_name_is_a_search_through_the_list(
    lines: list[FieldLine], data: st.DataObject
) -> None:
    """For any name in any case and type, look-up finds what a search from the front finds."""
    headers = Headers(lines)
    wanted = data.draw(st.sampled_from([name for name, _ in lines]) if lines else field_names())
    values = [value for name, value in lines if name.lower() == wanted.lower()]
    spelled = data.draw(casings(wanted).flatmap(forms))

    assert headers.get_all(spelled) == values
    assert headers.get(spelled) == (values[0] if values else None)
    assert headers.get(spelled, b"default") == (values[0] if values else b"default")
    assert headers.has_repeated_names == (len({name for name, _ in lowered(lines)}) < len(lines))


@given(header_lists(), st.data())
def test_without_is_a_filter(lines: list[FieldLine], data: st.DataObject) -> None:
    """Leaving fields out is leaving out their pairs, in whatever way the headers were made."""
    known = sorted({name.lower() for name, _ in lines})
    names = data.draw(st.sets(st.sampled_from([*known, b"absent"])))
    kept = [(name, value) for name, value in lines if name.lower() not in names]

    for headers in (Headers(lines), Headers.from_usual_lines(on_wire(lines))):
        assert headers.without(names) == lowered(kept)
        assert headers.without(names).raw_items() == kept
