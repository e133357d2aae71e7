import pytest

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError, TooManyError
from paperclipper.services.access import libraries as hosting
from paperclipper.services.access import tokens
from paperclipper.services.papers import lookup
from paperclipper.store.access import libraries
from paperclipper.store.database.tables import proxy

PASSWORD = "a long enough pass phrase"


def test_libraries_are_added_and_the_default_stays_the_default(store):
    added = hosting.add("  Ada's   papers ")
    assert added.name == "Ada's papers"
    assert hosting.by_name("Ada's papers") == added
    assert {library.id for library in hosting.every()} == {store, added.id}
    assert lookup.default_library_id() == store
    with pytest.raises(ConflictError):
        hosting.add("Ada's papers")
    with pytest.raises(NotFoundError):
        hosting.by_name("Bo's")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 101])
def test_what_is_no_name_is_refused(store, name):
    with pytest.raises(InvalidInputError):
        hosting.add(name)


def test_a_password_opens_its_own_library_alone(store):
    other = hosting.add("other")
    assert not hosting.passwords_are_used()
    hosting.set_password(other.id, PASSWORD)
    assert (hosting.passwords_are_used(), hosting.has_password(other.id), hosting.has_password(store)) == (
        True,
        True,
        False,
    )
    assert tokens.library_of_session(hosting.sign_in("other", PASSWORD)) == other.id
    for name, typed in [
        ("other", PASSWORD + "x"),
        ("library", PASSWORD),
        ("nobody", PASSWORD),
        ("other", "\ud800"),
    ]:
        assert hosting.sign_in(name, typed) is None


def test_a_new_password_ends_all_sessions_and_links(store):
    hosting.set_password(store, PASSWORD)
    secret, code = hosting.sign_in("library", PASSWORD), tokens.make_sign_in_code(store)
    hosting.set_password(store, PASSWORD + "!")
    assert tokens.library_of_session(secret) is None
    assert tokens.sign_in(code) is None
    assert hosting.sign_in("library", PASSWORD) is None
    hosting.set_password(store, None)
    assert hosting.sign_in("library", PASSWORD + "!") is None


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_of_unfit_length_is_refused(store, password):
    with pytest.raises(InvalidInputError):
        hosting.set_password(store, password)


def test_two_libraries_of_one_password_do_not_show_it(store):
    other = hosting.add("other")
    for library_id in (store, other.id):
        hosting.set_password(library_id, PASSWORD)
    hashes = {libraries.password_hash(library_id) for library_id in (store, other.id)}
    assert len(hashes) == 2
    assert PASSWORD not in "\n".join(map(str, proxy.execute_sql("SELECT * FROM library")))


def test_guessing_a_password_is_slowed_and_the_right_one_goes_on(store):
    hosting.set_password(store, PASSWORD)
    for _ in range(10):
        assert hosting.sign_in("library", "wrong") is None
    with pytest.raises(TooManyError) as refused:
        hosting.sign_in("library", "wrong again")
    assert refused.value.retry_after == 900
    assert hosting.sign_in("library", PASSWORD)
