#pragma once
// What an authenticator is asked to sign: made for one person, used once, good for a while. It is its own
// person and end, sealed, so that whichever process of the office is asked knows it again.

#include <access/policy.h>
#include <evidence/office.h>

#include <optional>
#include <string>
#include <string_view>

namespace service {

class Book;

class Challenges {
 public:
  Challenges(const evidence::Office& office, Book& book) : office_(office), book_(book) {}
  // For this person, or for whoever comes (0), good until `until`.
  std::string make(std::int64_t person, rights::Time until) const;
  // The challenge that a browser says it signed, if it is one of ours for this person, not too old and not
  // used before.
  std::optional<std::string> take(std::string_view client_data, std::int64_t person, rights::Time now);

 private:
  const evidence::Office& office_;
  Book& book_;
};

}  // namespace service
