#include <record/text.h>

#include <gtest/gtest.h>

namespace {

struct Sample {
  std::int64_t id{};
  std::string path;
  record::Octets sha256;
  std::optional<double> latitude;
  bool machine{};
};

}  // namespace

template <>
inline constexpr auto record::description<Sample> =
    record::describe("sample", record::field<&Sample::id>(1, "id", "Number").as_key(),
                     record::field<&Sample::path>(2, "path", "Path"),
                     record::field<&Sample::sha256>(3, "sha256", "SHA-256").with_index(),
                     record::field<&Sample::latitude>(4, "latitude", "Latitude"),
                     record::field<&Sample::machine>(5, "machine", "Machine-made"));

static_assert(record::complete<Sample>());

TEST(Record, json_and_back_is_the_same_record) {
  const Sample s{7, "a\"b\n.txt", {"\x01\xff"}, 48.5, true};
  const auto back = record::from_json<Sample>(record::to_json(s));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_TRUE(record::changed(s, back.value()).empty());
}

TEST(Record, an_absent_optional_is_null_and_nothing_else_may_be_absent) {
  EXPECT_TRUE(record::from_json<Sample>(R"({"id":1,"path":"p","sha256":"","machine":false})").ok());
  const auto r = record::from_json<Sample>(R"({"id":1,"sha256":"","machine":false})");
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().message, "member \"path\" is missing");
}

TEST(Record, an_unknown_member_is_refused_by_name) {
  const auto r = record::from_json<Sample>(R"({"id":1,"path":"p","sha256":"","machine":false,"x":1})");
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().message, "member \"x\" is not known");
}

TEST(Record, changed_names_the_members_that_differ) {
  const Sample a{7, "a", {}, {}, false}, b{7, "b", {}, 1.0, false};
  EXPECT_EQ(record::changed(a, b), (std::vector<std::string_view>{"path", "latitude"}));
}

TEST(Record, schema_requires_all_but_the_optional) {
  EXPECT_NE(record::json_schema(record::shape<Sample>).find(R"("required":["id","path","sha256","machine"])"),
            std::string::npos);
}

TEST(Record, a_fraction_is_read_to_its_last_place) {
  for (const double exact : {0.1, 48.85661400000001, 2.2250738585072014e-308, 1.7976931348623157e308,
                             12345678901234567168.0, -5e-324}) {
    const Sample s{1, "p", {}, exact, false};
    const auto back = record::from_json<Sample>(record::to_json(s));
    ASSERT_TRUE(back.ok()) << record::to_json(s);
    EXPECT_EQ(*back->latitude, exact);
  }
  EXPECT_FALSE(
      record::from_json<Sample>(R"({"id":1,"path":"p","sha256":"","latitude":1e400,"machine":false})").ok());
}
