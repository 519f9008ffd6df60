#include "records_suite.h"

INSTANTIATE_TEST_SUITE_P(On, Office, testing::Values("sqlite", "postgresql"),
                         [](const auto& i) { return i.param; });

TEST_P(Office, keeps_a_record_as_it_was_given_and_after_it_is_opened_anew) {
  const std::string more =
      R"({"place":{"name":"Bria","lat":6.5,"lon":21.9},"deaths":3,"urgent":true,"why_urgent":"x",
    "owner":"P-2","grade":{"scheme":"admiralty","source":"B","information":"2"},"steps":[{"step":"ask","done":false}],
    "costs":{"amount":"10.50","currency":"EUR"},"assessment":"weak"})";
  const auto s = add(head, more);
  reopen();
  const auto page = records->page(head, s.code);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->at("values"), json::value(lead(more)));
  EXPECT_EQ(page->at("state"), "draft");
  EXPECT_EQ(page->at("case").at("code"), "ONE");
  EXPECT_EQ(acts(s.code), (std::vector<std::string>{"record_added", "viewed"}));
}
TEST_P(Office, shows_a_record_to_nobody_outside_its_case) {
  const auto s = add(ben);
  for (const auto* who : {&cem, &dan}) {
    const auto page = records->page(*who, s.code), none = records->page(*who, "LEA-0000000");
    ASSERT_FALSE(page || none);
    EXPECT_EQ(page.error().message, none.error().message);
    EXPECT_EQ(said(records->change(*who, s.code, 1, lead())), none.error().message);
    EXPECT_EQ(said(records->move(*who, s.code, 1, "submit", "", nullptr)), none.error().message);
    EXPECT_FALSE(records->history(*who, s.code));
    EXPECT_FALSE(records->comments(*who, s.code));
    EXPECT_EQ(records->search(*who, "lorry", 10).at("total"), 0);
    EXPECT_TRUE(records->suggest(*who, {"lead"}, "lor").at("hits").get_array().empty());
  }
  EXPECT_EQ(count(cem), 0u);
  EXPECT_FALSE(records->find(dan, "lead", {})) << "an administrator does not even see that there are leads";
  EXPECT_EQ(count(ben), 1u);
  EXPECT_EQ(records->search(ben, "lorry bri", 10).at("total"), 1) << "the last word may be begun only";
}
TEST_P(Office, counts_and_sorts_only_what_may_be_seen) {
  for (int i = 0; i < 30; ++i)
    add(head, R"({"title":"n)" + std::to_string(i) + R"(","deaths":)" + std::to_string(i) + "}",
        i % 3 ? "c1" : "c2");
  EXPECT_EQ(count(head), 30u);
  EXPECT_EQ(count(ben), 20u);
  EXPECT_EQ(count(cem), 10u);
  EXPECT_EQ(count(ben, R"([{"field":"deaths","op":"from","value":10}])"), 14u);
  EXPECT_EQ(count(ben, R"([{"field":"case","op":"is","value":"c2"}])"), 0u);
  EXPECT_EQ(count(ben, "[]", "n1*"), 8u);
  Records::Query q;
  q.sort = {"-deaths"};
  const auto f = records->find(ben, "lead", q);
  const auto rows = records->rows(ben, f->id, 0, 3);
  EXPECT_EQ(rows->at("rows").at(0).at("title"), "n29");
  EXPECT_EQ(rows->at("rows").at(2).at("title"), "n26");
  EXPECT_FALSE(records->rows(cem, f->id, 0, 3)) << "what one person found is not another's to look through";
  const auto by = records->counts(ben, f->id, "state");
  EXPECT_EQ(json::serialize(by->at("counts")), R"([{"value":"draft","count":20}])");
}
TEST_P(Office, filters_each_type_and_refuses_what_is_guarded) {
  add(ben,
      R"({"title":"a%b","happened":"2026-03","channel":"media","urgent":true,"why_urgent":"x","owner":"P-2"})");
  add(ben, R"({"title":"axb","happened":"2026-05-02","channel":"state"})");
  EXPECT_EQ(count(ben, R"([{"field":"title","op":"contains","value":"A%B"}])"), 1u);
  EXPECT_EQ(count(ben, R"([{"field":"happened","op":"from","value":"2026-03-15"}])"), 2u)
      << "March may be the 20th";
  EXPECT_EQ(count(ben, R"([{"field":"happened","op":"to","value":"2026-04"}])"), 1u);
  EXPECT_EQ(count(ben, R"([{"field":"channel","op":"in","value":["media","person"]}])"), 1u);
  EXPECT_EQ(count(ben, R"([{"field":"channel","op":"is_not","value":"media"}])"), 1u);
  EXPECT_EQ(count(ben, R"([{"field":"urgent","op":"is","value":false}])"), 1u);
  EXPECT_EQ(count(ben, R"([{"field":"owner","op":"empty"}])"), 1u);
  EXPECT_EQ(
      count(ben,
            R"([{"field":"state","op":"is","value":"draft"},{"field":"author","op":"is","value":"P-2"}])"),
      2u);
  for (const char* filter :
       {R"([{"field":"assessment","op":"contains","value":"x"}])", R"([{"field":"contact","op":"filled"}])",
        R"([{"field":"nothing","op":"is","value":"x"}])", R"([{"field":"title","op":"like","value":"x"}])",
        R"([{"field":"deaths","op":"is","value":"1 or 1=1"}])"}) {
    Records::Query q;
    q.filter = json::parse(filter).get_array();
    EXPECT_FALSE(records->find(ben, "lead", q)) << filter;
  }
}
TEST_P(Office, refuses_a_lost_update) {
  const auto s = add(ben);
  ASSERT_EQ(said(records->change(head, s.code, 1, lead(R"({"deaths":4})"))), "done");
  const auto late = records->change(ben, s.code, 1, lead(R"({"deaths":5})"));
  ASSERT_TRUE(std::holds_alternative<base::Error>(late));
  EXPECT_EQ(std::get<base::Error>(late).why, base::Refusal::conflict);
  EXPECT_EQ(records->page(ben, s.code)->at("values").at("deaths"), 4);
}
TEST_P(Office, adds_once_under_one_key) {
  const auto first = records->add(ben, "lead", lead(), {"c1", "", {}, "key"});
  const auto again = records->add(ben, "lead", lead(), {"c1", "", {}, "key"});
  EXPECT_EQ(std::get<Records::Stand>(first).code, std::get<Records::Stand>(again).code);
  EXPECT_EQ(count(ben), 1u);
}
TEST_P(Office, tells_what_does_not_fit_and_writes_nothing) {
  EXPECT_EQ(said(records->add(ben, "lead", lead(R"({"title":"","deaths":-1})"), {"c1", "", {}, ""})),
            "deaths least, title required");
  EXPECT_EQ(said(records->add(ben, "lead", lead(), {"", "", {}, ""})), "case required");
  EXPECT_EQ(said(records->add(ben, "lead", lead(R"({"follows":["LEA-0000000"]})"), {"c1", "", {}, ""})),
            "follows unknown");
  EXPECT_EQ(count(ben), 0u);
  EXPECT_EQ(desk->ledger().size(), 1u) << "only the listing of this test";
}
TEST_P(Office, does_not_let_a_reference_tell_that_a_hidden_record_exists) {
  const auto hidden = add(head, "{}", "c2");
  EXPECT_EQ(
      said(records->add(ben, "lead", lead(R"({"follows":[")" + hidden.code + R"("]})"), {"c1", "", {}, ""})),
      "follows unknown");
}
TEST_P(Office, moves_a_record_along_its_workflow) {
  const auto s = add(ben, R"({"owner":"P-2"})");
  EXPECT_EQ(said(records->move(ben, s.code, 1, "submit", "", nullptr)), " missing,  missing");
  ASSERT_EQ(
      said(records->change(
          ben, s.code, 1,
          lead(
              R"({"owner":"P-2","conclusion":"true","grade":{"scheme":"admiralty","source":"A","information":"1"}})"))),
      "done");
  ASSERT_EQ(said(records->move(ben, s.code, 2, "submit", "", nullptr)), "done");
  EXPECT_EQ(said(records->change(ben, s.code, 3, lead())),
            s.code + " is submitted and cannot be changed: take it back first");
  EXPECT_EQ(records->inbox(head).at("tasks").get_array().size(), 1u)
      << "the head of the team is to examine it";
  EXPECT_EQ(records->inbox(ben).at("tasks").get_array().size(), 0u);
  EXPECT_EQ(said(records->move(ben, s.code, 3, "close", "", nullptr)),
            "another person than who wrote it must do this: ask a colleague");
  EXPECT_EQ(said(records->move(head, s.code, 3, "return", "no", nullptr)), "reason required");
  ASSERT_EQ(said(records->move(head, s.code, 3, "return", "say who saw it", nullptr)), "done");
  EXPECT_EQ(records->inbox(ben).at("tasks").get_array().size(), 1u);
  EXPECT_EQ(records->inbox(ben).at("notices").get_array().size(), 1u);
  EXPECT_EQ(records->inbox(head).at("tasks").get_array().size(), 0u);
  ASSERT_EQ(said(records->move(ben, s.code, 4, "submit", "", nullptr)), "done");
  ASSERT_EQ(said(records->move(head, s.code, 5, "close", "", nullptr)), "done");
  const auto page = records->page(ben, s.code);
  EXPECT_EQ(page->at("state"), "closed");
  EXPECT_EQ(page->at("values").at("approved_by"), "P-1");
  EXPECT_EQ(page->at("values").at("closed_on"), json::value(kinds::date_of(watch.now / 86'400'000'000)));
  EXPECT_EQ(acts(s.code).size(), 7u);
}
TEST_P(Office, tells_every_version_and_how_it_was_on_a_day) {
  const std::string day = base::rfc3339(watch.now / 1'000'000);
  const auto s = add(ben, R"({"deaths":1,"assessment":"old"})");
  watch.now += 86'400'000'000;
  ASSERT_EQ(
      said(records->change(head, s.code, 1, lead(R"({"deaths":2,"assessment":"new","title":"Other"})"))),
      "done");
  const auto before = records->page(head, s.code, day);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->at("values"), json::value(lead(R"({"deaths":1,"assessment":"old"})")));
  EXPECT_EQ(before->at("version"), 1);
  EXPECT_FALSE(records->page(head, s.code, "2020-01-01T00:00:00Z"));
  const auto history = records->history(head, s.code);
  EXPECT_EQ(history->at("versions").get_array().size(), 2u);
  EXPECT_EQ(
      json::serialize(history->at("versions").at(0).at("changes")),
      R"([{"field":"title","before":"Lorry at the bridge","after":"Other"},{"field":"deaths","before":1,"after":2},)"
      R"({"field":"assessment","before":"old","after":"new"}])");
}
TEST_P(Office, hides_restricted_fields_from_who_may_not_read_them_everywhere) {
  const auto s = add(head, R"({"assessment":"the informant is her brother"})");
  const auto page = records->page(ben, s.code);
  EXPECT_FALSE(page->at("values").get_object().contains("assessment"));
  EXPECT_EQ(json::serialize(page->at("masked")), R"(["assessment"])");
  EXPECT_EQ(json::serialize(*records->history(ben, s.code)).find("brother"), std::string::npos);
  EXPECT_EQ(records->search(ben, "brother", 10).at("total"), 0);
  EXPECT_EQ(records->search(head, "brother", 10).at("total"), 0) << "what is guarded is in no index";
  ASSERT_EQ(said(records->change(ben, s.code, 1, lead(R"({"deaths":9})"))), "done")
      << "and who does not see it cannot erase it";
  EXPECT_EQ(records->page(head, s.code)->at("values").at("assessment"), "the informant is her brother");
}
TEST_P(Office, keeps_a_sealed_field_apart_and_opens_it_for_a_reason) {
  const auto s = add(head, R"({"contact":"+236 00 00 00"})");
  EXPECT_EQ(sql->number("select count(*) from kind_lead where f_contact like '%236 00%'"), 0);
  EXPECT_EQ(sql->number("select count(*) from record_version where changes like '%236 00%'"), 0);
  EXPECT_EQ(json::serialize(*records->page(head, s.code)).find("236 00"), std::string::npos);
  EXPECT_FALSE(records->open_sealed(head, s.code, "contact", "why"));
  EXPECT_FALSE(records->open_sealed(ben, s.code, "contact", "I would like to call"));
  EXPECT_EQ(*records->open_sealed(head, s.code, "contact", "to agree on a meeting"), "+236 00 00 00");
  EXPECT_EQ(acts(s.code).back(), "sealed_opened");
  ASSERT_EQ(said(records->change(head, s.code, 1, lead(R"({"deaths":1})"))), "done");
  EXPECT_EQ(*records->open_sealed(head, s.code, "contact", "to agree on a meeting"), "+236 00 00 00")
      << "it stays";
}
TEST_P(Office, links_both_ways_and_comments) {
  const auto a = add(ben), b = add(ben, R"({"follows":[")" + a.code + R"("]})");
  EXPECT_EQ(records->page(ben, a.code)->at("links").at(0).at("direction"), "in");
  ASSERT_TRUE(records->link(ben, a.code, "supports", b.code));
  EXPECT_FALSE(records->link(ben, a.code, "supports", b.code)) << "once";
  EXPECT_FALSE(records->link(ben, a.code, "loves", b.code));
  EXPECT_FALSE(records->link(ben, a.code, "supports", a.code));
  EXPECT_EQ(records->page(ben, b.code)->at("links").get_array().size(), 2u);
  const auto id = records->comment(ben, a.code, " seen ");
  ASSERT_TRUE(id);
  EXPECT_FALSE(records->withdraw_comment(head, *id).ok()) << "only one's own";
  ASSERT_TRUE(records->withdraw_comment(ben, *id).ok());
  EXPECT_EQ(records->comments(ben, a.code)->at("comments").at(0).at("text"), "");
}
TEST_P(Office, imports_all_lines_or_tells_what_is_wrong_with_each) {
  const std::string csv =
      "title;received;deaths;place\nOne;2026-11-01;3;Bria @ 6,5 21,9\nTwo;2027-01-01;x;\n;2026;1;\n";
  const auto dry = records->import(ben, "lead", csv, {"c1", true, false, true});
  ASSERT_TRUE(dry) << dry.error().message;
  EXPECT_EQ(dry->at("good"), 0) << "the account is missing in each";
  const std::string whole =
      "title;received;deaths;account\nOne;2026-11-01;3;said\nTwo;2027-01-01;x;said\n;2026;1;said\n";
  const auto told = records->import(ben, "lead", whole, {"c1", false, false, true});
  EXPECT_EQ(told->at("good"), 1);
  EXPECT_EQ(told->at("added").get_array().size(), 0u) << "nothing unless all are good";
  EXPECT_EQ(told->at("errors").at(0).at("line"), 3);
  EXPECT_EQ(told->at("errors").at(0).at("field"), "deaths");
  EXPECT_EQ(told->at("errors").at(1).at("line"), 4);
  EXPECT_EQ(count(ben), 0u);
  EXPECT_EQ(records->import(ben, "lead", whole, {"c1", false, true, true})->at("added").get_array().size(),
            1u);
  EXPECT_FALSE(records->import(ben, "lead", whole, {"c2", false, true, true})) << "a case that is not theirs";
  EXPECT_FALSE(records->import(ben, "lead", "title;colour\n", {"c1", true, false, false}));
}
TEST_P(Office, imports_names_of_people_and_records_as_their_codes) {
  const auto one = add(ben, R"({"title":"The first"})");
  add(head, R"({"title":"Hidden"})", "c2");
  const auto told = records->import(
      ben, "lead",
      "title,received,account,owner,follows\nA,2026-11-01,x,Cem,The first\nB,2026-11-01,x,P-2,Hidden\n",
      {"c1", false, true, false});
  ASSERT_EQ(told->at("added").get_array().size(), 1u);
  const auto page = records->page(ben, told->at("added").at(0).get_string());
  EXPECT_EQ(page->at("values").at("owner"), "P-3");
  EXPECT_EQ(page->at("values").at("follows").at(0), json::value(one.code));
  EXPECT_EQ(told->at("errors").at(0).at("code"), "unknown") << "a name that they may not know is no name";
}
TEST_P(Office, lets_a_vocabulary_grow_but_not_lose_what_is_used) {
  const auto old = add(head, R"({"channel":"media"})");
  json::object v = *records->vocabulary("channel");
  auto& codes = v["codes"].get_array();
  codes.push_back(object(R"({"code":"radio","en":"Radio","fr":"Radio"})"));
  std::vector<std::string> used;
  EXPECT_FALSE(records->put_vocabulary(ben, "channel", 1, json::serialize(v), used));
  ASSERT_TRUE(records->put_vocabulary(head, "channel", 1, json::serialize(v), used));
  EXPECT_FALSE(records->put_vocabulary(head, "channel", 1, json::serialize(v), used)) << "an old version";
  reopen();
  add(head, R"({"channel":"radio"})");
  codes.erase(
      std::find_if(codes.begin(), codes.end(), [](const auto& c) { return c.at("code") == "media"; }));
  EXPECT_FALSE(records->put_vocabulary(head, "channel", 2, json::serialize(v), used));
  EXPECT_EQ(used, std::vector<std::string>{"media"});
  v = *records->vocabulary("channel");
  for (auto& c : v["codes"].get_array())
    if (c.at("code") == "media") c.as_object()["retired"] = true;
  ASSERT_TRUE(records->put_vocabulary(head, "channel", 2, json::serialize(v), used));
  EXPECT_EQ(said(records->add(head, "lead", lead(R"({"channel":"media"})"), {"c1", "", {}, ""})),
            "channel retired_code");
  EXPECT_EQ(said(records->change(head, old.code, 1, lead(R"({"channel":"media","deaths":1})"))), "done")
      << "where it stood it may stay";
  EXPECT_EQ(records->vocabulary_versions("channel")->at("versions").get_array().size(), 3u);
}
TEST_P(Office, takes_a_record_behind_a_wall_with_its_sealed_fields_and_back) {
  const kinds::Asker within = asker(1, "unified_team_head", {1, 2}, {7});
  const auto s = add(ben, R"({"contact":"+236 00 00 00"})");
  add(ben);
  ASSERT_EQ(count(head), 2u);
  Records::Relabel behind;
  behind.to.classification = rights::Classification::internal;
  behind.to.compartments.add(7);
  behind.reason = "filed under seal";
  EXPECT_FALSE(records->relabel(within, s.code, 9, behind)) << "somebody was faster";
  const auto done = records->relabel(within, s.code, 1, behind);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->stand.version, 2);
  EXPECT_EQ(count(head), 1u);
  EXPECT_EQ(count(within), 2u);
  EXPECT_FALSE(records->page(ben, s.code)) << "its author neither";
  EXPECT_EQ(records->relabel(head, s.code, 2, behind).error().message,
            records->page(head, "LEA-9").error().message);
  EXPECT_EQ(*records->open_sealed(within, s.code, "contact", "to agree on a meeting"), "+236 00 00 00");
  EXPECT_EQ(acts(s.code)[1], "label_raised");
  reopen();
  EXPECT_EQ(count(head), 1u);
  Records::Relabel back;
  back.to.classification = rights::Classification::internal;
  back.reason = "the seal is lifted";
  back.also = [](kernel::Change&, store::Sql&) -> base::Status {
    return base::Error{base::Refusal::conflict, "the approval was used already"};
  };
  EXPECT_FALSE(records->relabel(within, s.code, 2, back));
  EXPECT_EQ(count(head), 1u) << "with what belongs to it, or not at all";
  back.also = {};
  ASSERT_TRUE(records->relabel(within, s.code, 2, back));
  EXPECT_EQ(count(head), 2u);
  EXPECT_EQ(*records->open_sealed(head, s.code, "contact", "to agree on a meeting"), "+236 00 00 00");
}
TEST_P(Office, asks_the_modules_before_it_writes) {
  records->on_write("lead", [](Records::Writing& w) {
    if (w.values.contains("deaths") && w.values.at("deaths").to_number<int>() > 100)
      w.wrong.push_back({"deaths", "too_high", {"is more than there were people", "dépasse la population"}});
  });
  EXPECT_EQ(said(records->add(ben, "lead", lead(R"({"deaths":101})"), {"c1", "", {}, ""})),
            "deaths too_high");
  add(ben, R"({"deaths":99})");
}
TEST_P(Office, gives_the_modules_the_newest_that_one_may_read) {
  add(ben), add(ben);
  const auto newest = add(ben);
  for (int i = 0; i < 3; ++i) add(cem, "{}", "c2");
  const auto met = records->every(ben, "lead", 2);
  ASSERT_EQ(met.size(), 2u) << "those of others do not count";
  EXPECT_EQ(met[0].code, newest.code);
  EXPECT_EQ(records->every(head, "lead", 100).size(), 6u);
}
TEST_P(Office, gives_a_calendar_without_names) {
  const auto s = add(
      ben,
      R"({"owner":"P-2","conclusion":"true","grade":{"scheme":"admiralty","source":"A","information":"1"}})");
  ASSERT_EQ(said(records->move(ben, s.code, 1, "submit", "", nullptr)), "done");
  const std::string file = records->calendar(head);
  EXPECT_NE(file.find("SUMMARY:" + s.code), std::string::npos);
  EXPECT_EQ(file.find("Lorry"), std::string::npos);
  EXPECT_EQ(records->calendar(cem).find("VEVENT"), std::string::npos);
}
TEST_P(Office, recalls_a_task_before_its_day_and_tells_those_above_when_it_is_long_overdue) {
  const auto s = add(
      ben,
      R"({"owner":"P-2","conclusion":"true","grade":{"scheme":"admiralty","source":"A","information":"1"}})");
  ASSERT_EQ(said(records->move(ben, s.code, 1, "submit", "", nullptr)), "done");
  ASSERT_EQ(said(records->move(head, s.code, 2, "return", "say who saw it", nullptr)),
            "done");  // due in 7 days
  const auto notices = [&](const kinds::Asker& who) {
    return records->inbox(who).at("notices").get_array().size();
  };
  const auto day = [&](int n) {
    watch.now += n * 86'400'000'000;
    records->remind();
    records->remind();  // once a step
  };
  ASSERT_EQ(notices(ben), 1u);
  day(3);
  EXPECT_EQ(notices(ben), 1u);
  day(1);
  EXPECT_EQ(notices(ben), 2u) << "three days before";
  day(4);
  EXPECT_EQ(notices(ben), 3u) << "overdue";
  EXPECT_EQ(notices(head), 0u);
  day(2);
  EXPECT_EQ(notices(ben), 4u);
  EXPECT_EQ(notices(head), 1u) << "and those above";
  day(30);
  EXPECT_EQ(notices(ben), 4u);
  EXPECT_EQ(notices(cem), 0u);
}
TEST_P(Office, tells_by_mail_how_much_awaits_somebody_and_each_notice_once) {
  around.as = [this](std::int64_t person, const std::function<void(const kinds::Asker&)>& f) {
    f(person == 2 ? ben : cem);
  };
  reopen();
  ASSERT_TRUE(records->set_mail_address(ben, "ben@office.example").ok());
  for (const char* wrong : {"ben", "@x", "a@b@c", "a b@c", "a@b,c@d", "a@b\r\nBcc: c@d"})
    EXPECT_FALSE(records->set_mail_address(ben, wrong).ok()) << wrong;
  const auto s = add(
      ben,
      R"({"owner":"P-2","conclusion":"true","grade":{"scheme":"admiralty","source":"A","information":"1"}})");
  ASSERT_EQ(said(records->move(ben, s.code, 1, "submit", "", nullptr)), "done");
  ASSERT_EQ(said(records->move(head, s.code, 2, "return", "say who saw it", nullptr)), "done");
  const auto first = records->unsent();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].notices, 1);
  EXPECT_TRUE(records->unsent().empty());
}
TEST_P(Office, shows_each_tile_of_a_home_among_what_one_may_find) {
  const auto homes =
      kinds::Homes::make(*policy, *records->declared(), {R"({"home": "all", "version": 1, "order": 1,
    "source": "s", "en": "A", "fr": "A", "roles": ["investigator"], "tiles": [
    {"tile": "a", "show": "counts", "en": "A", "fr": "A", "kind": "lead", "filter": [{"field": "received", "op": "from", "value": "today-30"}]},
    {"tile": "b", "show": "list", "en": "A", "fr": "A", "kind": "lead", "filter": [], "due": "received"},
    {"tile": "c", "show": "table", "en": "A", "fr": "A", "kind": "lead", "filter": [], "rows": "channel", "columns": "case"},
    {"tile": "d", "show": "table", "en": "A", "fr": "A", "kind": "lead", "filter": [], "rows": "urgent", "columns": "state"},
    {"tile": "e", "show": "cases", "en": "A", "fr": "A", "kind": "lead", "filter": [{"field": "channel", "op": "is", "value": "media"}]},
    {"tile": "f", "show": "map", "en": "A", "fr": "A", "kind": "lead", "filter": []},
    {"tile": "g", "show": "times", "en": "A", "fr": "A", "kind": "lead", "filter": []},
    {"tile": "h", "show": "tasks", "en": "A", "fr": "A"}]})"});
  ASSERT_TRUE(homes) << homes.error().message;
  add(ben, R"({"channel":"media","place":{"name":"Bria","lat":6.5,"lon":21.9}})");
  add(ben, R"({"channel":"state","received":"2026-03","urgent":true,"why_urgent":"now"})");
  const auto third = add(head, R"({"channel":"media"})", "c2");
  const auto tile = [&](const kinds::Asker& who, std::size_t at, std::string_view of_case = "") {
    const auto home = records->home(who, *homes->named("all"), of_case);
    EXPECT_TRUE(home);
    return home->at("tiles").at(at).get_object();
  };
  EXPECT_EQ(json::serialize(tile(head, 0).at("parts").at(0).at("count")), "2");
  EXPECT_EQ(json::serialize(tile(ben, 0).at("parts").at(0).at("count")), "1");
  EXPECT_EQ(json::serialize(tile(ben, 1).at("rows").at(0).at("due")), "\"2026-03\"");
  EXPECT_EQ(json::serialize(tile(ben, 1).at("rows").at(0).at("late")), "true");
  EXPECT_EQ(tile(head, 1, "c2").at("rows").at(0).at("code").as_string(), third.code);
  EXPECT_EQ(json::serialize(tile(head, 2).at("cells")), "[[1,0],[1,1]]");
  EXPECT_EQ(json::serialize(tile(ben, 2).at("cells")), "[[1],[1]]");
  EXPECT_EQ(json::serialize(tile(ben, 3).at("rows").at(0).at("value")), "\"true\"");
  EXPECT_EQ(json::serialize(tile(head, 4).at("rows").at(1).at("counts")), "[1]");
  EXPECT_EQ(tile(cem, 4).at("rows").as_array().size(), 1u);
  EXPECT_EQ(tile(ben, 5).at("points").as_array().size(), 1u);
  EXPECT_EQ(tile(head, 6).at("spans").as_array().size(), 3u);
  EXPECT_EQ(json::serialize(tile(head, 7).at("total")), "0");
  EXPECT_FALSE(records->home(ben, *homes->named("all"), "c2"));
}
TEST_P(Office, keeps_what_was_asked_and_shows_it_as_board_and_days) {
  add(ben, R"({"received":"2026-11-01"})");
  add(ben, R"({"received":"2026-11"})");
  Records::Query q;
  q.sort = {"received"};
  const auto found = records->find(ben, "lead", q);
  ASSERT_TRUE(found);
  reopen();
  EXPECT_EQ(records->question(ben, found->asked)->at("kind"), "lead");
  EXPECT_FALSE(records->question(head, found->asked));
  const auto again = records->find(ben, "lead", q);
  EXPECT_EQ(again->asked, found->asked);
  const auto board = records->board(ben, again->id);
  EXPECT_EQ(json::serialize(board->at("columns").at(0).at("total")), "2");
  EXPECT_EQ(json::serialize(board->at("columns").at(0).at("cards").at(0).at("days")), "0");
  const auto days = records->days(ben, again->id, "received", "2026-11-01", "2026-11-30");
  EXPECT_EQ(json::serialize(days->at("days")), R"([{"day":"2026-11-01","count":1}])");
  EXPECT_EQ(json::serialize(days->at("vague")), "1");
  EXPECT_FALSE(records->days(ben, again->id, "contact", "2026-11-01", "2026-11-30"));
}
