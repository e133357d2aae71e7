import pytest

from paperclipper.errors import ConflictError, InvalidInputError, NotFoundError, TooManyRequestsError
from paperclipper.services.access import libraries, passwords, sessions
from paperclipper.store.access import libraries as stored_libraries
from paperclipper.store.database.tables import proxy

PASSWORD = "a long enough pass phrase"


def test_libraries_are_added_and_the_default_stays_the_default(store):
    added = libraries.add("  Ada's   papers ")
    assert added.name == "Ada's papers"
    assert libraries.by_name("Ada's papers") == added
    assert {library.id for library in libraries.list_libraries()} == {store, added.id}
    assert libraries.default_id() == store
    with pytest.raises(ConflictError):
        libraries.add("Ada's papers")
    with pytest.raises(NotFoundError):
        libraries.by_name("Bo's")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 101])
def test_an_invalid_name_is_refused(store, name):
    with pytest.raises(InvalidInputError):
        libraries.add(name)


def test_a_password_opens_only_its_own_library(store):
    other = libraries.add("other")
    assert not passwords.any_password_set()
    passwords.set_password(other.id, PASSWORD)
    assert (
        passwords.any_password_set(),
        passwords.has_password(other.id),
        passwords.has_password(store),
    ) == (
        True,
        True,
        False,
    )
    assert sessions.library_id_of(passwords.sign_in("other", PASSWORD)) == other.id
    for name, typed in [
        ("other", PASSWORD + "x"),
        ("library", PASSWORD),
        ("nobody", PASSWORD),
        ("other", "\ud800"),
    ]:
        assert passwords.sign_in(name, typed) is None


def test_a_new_password_ends_all_sessions_and_links(store):
    passwords.set_password(store, PASSWORD)
    secret, code = passwords.sign_in("library", PASSWORD), sessions.create_sign_in_code(store)
    passwords.set_password(store, PASSWORD + "!")
    assert sessions.library_id_of(secret) is None
    assert sessions.sign_in(code) is None
    assert passwords.sign_in("library", PASSWORD) is None
    passwords.set_password(store, None)
    assert passwords.sign_in("library", PASSWORD + "!") is None


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_of_invalid_length_is_refused(store, password):
    with pytest.raises(InvalidInputError):
        passwords.set_password(store, password)


def test_equal_passwords_have_different_hashes(store):
    other = libraries.add("other")
    for library_id in (store, other.id):
        passwords.set_password(library_id, PASSWORD)
    hashes = {stored_libraries.password_hash(library_id) for library_id in (store, other.id)}
    assert len(hashes) == 2
    assert PASSWORD not in "\n".join(map(str, proxy.execute_sql("SELECT * FROM library")))


def test_guessing_a_password_is_limited_and_the_correct_one_still_works(store):
    passwords.set_password(store, PASSWORD)
    for _ in range(10):
        assert passwords.sign_in("library", "wrong") is None
    with pytest.raises(TooManyRequestsError) as refused:
        passwords.sign_in("library", "wrong again")
    assert refused.value.retry_after == 900
    assert passwords.sign_in("library", PASSWORD)
