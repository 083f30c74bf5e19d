"""Searching posts: words, Chinese, phrases, filters, and who may find what."""

import pytest

from lib.client import unique


@pytest.fixture
def search(romeo, team):
    def find(terms, who=romeo, is_or=False, expect=200, **fields):
        body = {"terms": terms, "is_or_search": is_or, "time_zone_offset": 0, **fields}
        answer = who.post(f"/teams/{team['id']}/posts/search", body, expect=expect)
        return answer["order"] if expect == 200 else answer

    return find


def word():
    return unique("w").replace("-", "")


def test_word_is_found_at_once_whatever_its_case(romeo, channel, search):
    one = word()
    post = romeo.say(channel, f"The {one.upper()} sings")
    assert search(one) == [post["id"]]


def test_part_of_a_word_is_found_only_with_a_star(romeo, channel, search):
    one = word()
    post = romeo.say(channel, one)
    assert search(one[:-3]) == []
    assert search(one[:-3] + "*") == [post["id"]]


@pytest.mark.parametrize("terms", ["会议室", "会议", "议室", "明天", "室"])
def test_chinese_is_found_by_any_part(admin, romeo, team, terms, search):
    channel = admin.make_channel(team, romeo)
    post = romeo.say(channel, "明天下午在会议室见面")
    assert search(f"{terms} in:{channel['name']}") == [post["id"]]


def test_chinese_that_is_not_there_is_not_found(romeo, channel, search):
    romeo.say(channel, "会同议论室内")
    assert search(f"会议室 in:{channel['name']}") == []


def test_chinese_beside_latin_is_found(romeo, channel, search):
    post = romeo.say(channel, "部署Kubernetes集群v2")
    for terms in ("Kubernetes", "部署", "集群"):
        assert search(f"{terms} in:{channel['name']}") == [post["id"]], terms


def test_all_words_are_wanted_or_any(romeo, channel, search):
    one, two = word(), word()
    both, first = romeo.say(channel, f"{one} {two}"), romeo.say(channel, one)
    assert search(f"{one} {two}") == [both["id"]]
    assert search(f"{one} {two}", is_or=True) == [first["id"], both["id"]]


def test_phrase_wants_its_order(romeo, channel, search):
    one, two = word(), word()
    post = romeo.say(channel, f"{one} {two}")
    romeo.say(channel, f"{two} {one}")
    assert search(f'"{one} {two}"') == [post["id"]]


def test_minus_leaves_out(romeo, channel, search):
    one, two = word(), word()
    romeo.say(channel, f"{one} {two}")
    post = romeo.say(channel, one)
    assert search(f"{one} -{two}") == [post["id"]]


def test_filters_by_author_and_channel(romeo, juliet, channel, private, search):
    one = word()
    romeos, juliets, here = romeo.say(channel, one), juliet.say(channel, one), romeo.say(private, one)
    assert set(search(f"{one} from:romeo")) == {romeos["id"], here["id"]}
    assert search(f"{one} from:@juliet") == [juliets["id"]]
    assert search(f"{one} in:{private['name']}") == [here["id"]]
    assert set(search(f"{one} -from:juliet")) == {romeos["id"], here["id"]}
    assert search(f"{one} -in:{private['name']} -from:romeo") == [juliets["id"]]


def test_filters_by_date(admin, romeo, channel, search):
    one = word()
    old = admin.say(channel, one, create_at=1577880000000)  # 2020-01-01T12:00Z
    new = romeo.say(channel, one)
    assert search(f"{one} before:2020-06-01") == [old["id"]]
    assert search(f"{one} after:2020-06-01") == [new["id"]]
    assert search(f"{one} on:2020-01-01") == [old["id"]]


def test_hashtag_is_found_as_such(romeo, channel, search):
    one = word()
    tagged = romeo.say(channel, f"see #{one} now")
    romeo.say(channel, f"plain {one}")
    assert search(f"#{one}") == [tagged["id"]]


def test_newest_comes_first(romeo, channel, search):
    one = word()
    posts = [romeo.say(channel, f"{one} {i}") for i in range(5)]
    assert search(one) == [post["id"] for post in reversed(posts)]


def test_pages_of_results(romeo, channel, search):
    one = word()
    posts = [romeo.say(channel, f"{one} {i}")["id"] for i in range(5)][::-1]
    assert search(one, page=0, per_page=2) + search(one, page=1, per_page=2) + search(one, page=2, per_page=2) == posts


def test_only_members_find_what_is_in_a_channel(admin, romeo, juliet, team, search):
    channel = admin.make_channel(team, romeo, kind="P")
    one = word()
    post = romeo.say(channel, one)
    assert search(one) == [post["id"]]
    assert search(one, who=juliet) == []
    admin.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id}, expect=201)
    assert search(one, who=juliet) == [post["id"]]
    juliet.delete(f"/channels/{channel['id']}/members/{juliet.id}")
    assert search(one, who=juliet) == []


def test_strangers_do_not_search_the_team(paris, nobody, team, search):
    search("x", who=paris, expect=403)
    search("x", who=nobody, expect=401)


def test_direct_messages_are_found(romeo, juliet, search):
    one = word()
    post = romeo.say(romeo.direct(juliet), one)
    assert search(one) == [post["id"]] and search(one, who=juliet) == [post["id"]]


def test_edited_and_deleted_posts_are_found_as_they_are_now(romeo, channel, search):
    one, two = word(), word()
    post = romeo.say(channel, one)
    romeo.put(f"/posts/{post['id']}/patch", {"message": two})
    assert search(one) == [] and search(two) == [post["id"]]
    romeo.delete(f"/posts/{post['id']}")
    assert search(two) == []


@pytest.mark.parametrize("terms", ["'", '"', '""', "*", "-", "#", "%", "AND OR NOT NEAR(", "a:b:c", "(((", "from:", "in:nowhere-at-all x", "before:yesterday x",
                                   "\\", "🦢", "x" * 2000, "“引号”", "NULL", ";--"])
def test_odd_terms_do_no_harm(search, terms):
    assert isinstance(search(terms), list)


def test_no_terms_are_refused(search):
    search("", expect=400)


def test_search_over_all_teams(romeo, channel):
    one = word()
    post = romeo.say(channel, one)
    assert romeo.post("/posts/search", {"terms": one, "is_or_search": False})["order"] == [post["id"]]


@pytest.mark.parametrize("terms", ["#a\"b", "#a'b", "#a\\b", "#", "##", "#*", "\"", "\"\"", "'", "\\", "*", "-", "--", "a:b", "NEAR(a b)", "a AND", "(", ")", "^a",
                                   "#a&b", "#a|b", "#a:*", "#!a", "a" * 5000, "会" * 5000, "#" + "字" * 900, "in:", "from:", "before:", "on:2024-13-40",
                                   "-in:nowhere", "ext:", "\u00b6x", "\u0301", "%", "_", "\U0001F600"])
def test_whatever_is_typed_is_answered(search, romeo, team, terms):
    search(terms)
    search(terms, is_or=True)
    search("-" + terms)
    romeo.post(f"/teams/{team['id']}/files/search", {"terms": terms})


def test_very_many_words_are_answered(search, romeo, team):
    for many in (" ".join(f"w{i}" for i in range(20000)), " ".join(f"from:u{i}" for i in range(20000)), " ".join(f"in:c{i}" for i in range(20000)),
                 " ".join(f"ext:e{i}" for i in range(20000)), " ".join(f"-w{i}" for i in range(20000)), " ".join(f"#t{i}" for i in range(20000))):
        search(many)
        romeo.post(f"/teams/{team['id']}/files/search", {"terms": many})


def test_a_long_hashtag_and_odd_words_do_not_stop_the_index(romeo, channel, search):
    romeo.say(channel, "#" + "字" * 900)
    romeo.say(channel, "it's 'quoted' \\ back:slash & | ! <-> (x)")
    one = word()
    post = romeo.say(channel, f"#{one}_x-y.z {one}")
    assert search(f"#{one}_x-y.z") == [post["id"]]
    assert search(f"#{one}") == []


def test_pages_stay_in_order_while_the_index_moves(admin, romeo, team, search):
    channel = admin.make_channel(team, romeo)
    one = word()
    said = [romeo.say(channel, f"{one} {i}")["id"] for i in range(60)]
    for _ in range(6):
        found = []
        for page in range(4):
            found += search(one, page=page, per_page=20)
        assert found == said[::-1]
