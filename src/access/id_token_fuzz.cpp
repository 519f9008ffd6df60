#include <access/id_token.h>
#include <base/result.h>

// A set of keys, a line break, a token. Nobody holds the private half of this set: whatever the token, it is
// nobody's word.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto ours =
      rights::read_key_set(
          R"({"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"wTV-UCo-gVVOxOR3jWi5tyk9O1r-fZN9Qyb9ORKxqf8","y":"3kaYVKlUYY7M2WK67oLi6enMK9dM8-WbCg5Ed3FnXJE"}]})")
          .value();
  const rights::TokenExpected expected{"https://idp.example", "custos", "n", 1'900'000'010};
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  const std::string_view token = end == input.npos ? input : input.substr(end + 1);
  CHECK(!rights::claim_of(token, ours, expected, "email").ok());
  if (const auto theirs = rights::read_key_set(input.substr(0, end)); theirs.ok()) {
    CHECK(!theirs->empty());
    static_cast<void>(rights::claim_of(token, *theirs, expected, "email"));
  }
  return 0;
}
