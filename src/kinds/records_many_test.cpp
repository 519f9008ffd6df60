#include "records_suite.h"

namespace {
class Crowd : public Office {};
}  // namespace
INSTANTIATE_TEST_SUITE_P(On, Crowd, testing::Values("sqlite", "postgresql"),
                         [](const auto& i) { return i.param; });

TEST_P(Crowd, is_read_by_many_while_somebody_writes) {
  desk->read_by(std::make_shared<store::Readers>([this] { return connect(); }, 2));
  const auto first = add(ben, R"({"title":"lorry 0"})");
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (const kinds::Asker* who : {&head, &ben, &cem})
    threads.emplace_back([&, who] {
      std::uint64_t before = 0;
      do {
        const kernel::Desk::Reading reading(*desk);
        Records::Query q;
        q.words = "lorry", q.sort = {"title"};
        const auto found = records->find(*who, "lead", q);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_GE(found->total, before);
        before = found->total;
        const auto rows = records->rows(*who, found->id, 0, 500);
        ASSERT_TRUE(rows) << rows.error().message;
        for (const auto& row : rows->at("rows").get_array()) {
          ASSERT_FALSE(row.is_null());
          if (who != &head) { EXPECT_EQ(row.at("case").at("code"), who == &ben ? "ONE" : "TWO"); }
        }
        EXPECT_EQ(records->page(*who, first.code).ok(), who != &cem);
        EXPECT_GE(records->search(*who, "lorry", 5).at("total").to_number<std::uint64_t>(), before);
      } while (!over);
    });
  for (int i = 1; i <= 30; ++i) {
    add(ben, R"({"title":"lorry )" + std::to_string(i) + "\"}");
    add(head, R"({"title":"lorry )" + std::to_string(i) + R"(","account":"in a label of its own"})", "c2");
  }
  over = true;
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(count(head, "[]", "lorry"), 61u);
  EXPECT_EQ(count(ben, "[]", "lorry"), 31u);
  EXPECT_EQ(count(cem, "[]", "lorry"), 30u);
}
TEST_P(Crowd, gives_no_record_the_label_of_a_change_that_was_not_made) {
  kernel::Desk& d = *desk;
  auto unfit = records->add(ben, "lead", object(R"({"title":"x"})"), {"c1", "CONFIDENTIAL", {}, ""});
  EXPECT_NE(said(unfit), "done") << "two required fields are missing";
  const auto s = add(head, "{}", "c2");
  EXPECT_FALSE(records->page(ben, s.code)) << "its label has the number that the first would have had";
  EXPECT_EQ(records->page(cem, s.code)->at("class"), "INTERNAL");
  EXPECT_EQ(d.ledger().size(), 2u);
}
