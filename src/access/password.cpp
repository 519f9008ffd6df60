#include <access/password.h>
#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>

#include <sodium.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <charconv>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

constexpr std::size_t kSalt = 16, kMac = 32, kBytesMax = 1024;
constexpr std::string_view kScheme = "$custos-argon2id$v=19$m=";

struct Stored {
  int memory_kib = 0, passes = 0, lanes = 0, pepper = 0;
  std::string salt, mac;
};

// Takes one spelling only: what is read is what hash() writes.
base::Result<Stored> read_stored(std::string_view text) {
  const Error damaged{Refusal::damaged, "the stored password hash cannot be read; set a new password"};
  if (!text.starts_with(kScheme)) return damaged;
  Stored s;
  const char *at = text.data() + kScheme.size(), *end = text.data() + text.size();
  const struct {
    int* value;
    std::string_view then;
  } parts[] = {{&s.memory_kib, ",t="}, {&s.passes, ",p="}, {&s.lanes, ",k="}, {&s.pepper, "$"}};
  for (const auto& part : parts) {
    const auto r = std::from_chars(at, end, *part.value);
    if (r.ec != std::errc{} || !std::string_view(r.ptr, end).starts_with(part.then)) return damaged;
    at = r.ptr + part.then.size();
  }
  const std::string_view rest(at, end);
  const std::size_t dollar = rest.find('$');
  if (dollar == std::string_view::npos) return damaged;
  const auto salt = base::unbase64(rest.substr(0, dollar)), mac = base::unbase64(rest.substr(dollar + 1));
  if (!salt || !mac || salt->size() != kSalt || mac->size() != kMac) return damaged;
  // Bounds, so that a changed row cannot make one sign-in take the machine.
  if (s.memory_kib < 8192 || s.memory_kib > 1024 * 1024 || s.passes < 1 || s.passes > 16 || s.lanes != 1)
    return damaged;
  s.salt = *salt;
  s.mac = *mac;
  return s;
}

constexpr std::string_view kRuns[] = {"abcdefghijklmnopqrstuvwxyz",
                                      "qwertyuiop",
                                      "asdfghjkl",
                                      "zxcvbnm",
                                      "azertyuiop",
                                      "qsdfghjklm",
                                      "wxcvbn",
                                      "qwertzuiop",
                                      "yxcvbnm"};

// Length of the run that begins at `at`: one letter again and again, or four and more along a row.
std::size_t run_length(std::string_view s, std::size_t at) {
  std::size_t longest = 1;
  while (at + longest < s.size() && s[at + longest] == s[at]) ++longest;
  if (longest < 3) longest = 0;
  for (const std::string_view row : kRuns)
    for (const int step : {1, -1}) {
      std::size_t n = 0;
      for (auto place = static_cast<std::ptrdiff_t>(row.find(s[at]));
           at + n < s.size() && place >= 0 && place < static_cast<std::ptrdiff_t>(row.size()) &&
           row[static_cast<std::size_t>(place)] == s[at + n];
           place += step)
        ++n;
      if (n >= 4) longest = std::max(longest, n);
    }
  return longest;
}

char as_letter(char c) {
  switch (c) {
    case '0': return 'o';
    case '1': return 'l';
    case '!': return 'i';
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    case '5':
    case '$': return 's';
    case '7': return 't';
    case '8': return 'b';
    default: return c;
  }
}

// The shortest beginning of which the whole is a repetition.
std::string_view unit_of(std::string_view s) {
  for (std::size_t n = 1; n * 2 <= s.size(); ++n) {
    std::size_t i = n;
    while (i < s.size() && s[i] == s[i - n]) ++i;
    if (i == s.size()) return s.substr(0, n);
  }
  return s;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

CommonPasswords::CommonPasswords(std::string_view list) {
  for (const std::string_view line : base::split(list, '\n')) {
    const std::string_view word = base::trim(line);
    if (word.empty() || word[0] == '#') continue;
    words_.emplace(word);
    longest_ = std::max(longest_, word.size());
  }
}

bool CommonPasswords::common(std::string_view password, std::span<const std::string_view> own) const {
  const std::string lower = base::lower_ascii(password);
  const std::string_view s = unit_of(lower);
  if (s.size() <= 4 && s.size() < lower.size()) return true;
  std::vector<std::string> mine;
  std::size_t longest = longest_;
  for (const std::string_view name : own) {
    if (name.size() < 3) continue;
    mine.push_back(base::lower_ascii(name));
    longest = std::max(longest, name.size());
  }
  std::string letters(s);
  for (char& c : letters) c = as_letter(c);
  const auto known = [&](std::size_t at, std::size_t n) {
    for (const std::string& text : {std::string(s.substr(at, n)), letters.substr(at, n)})
      if (words_.contains(text) || std::find(mine.begin(), mine.end(), text) != mine.end()) return true;
    return false;
  };
  // fewest[i]: with how few words the first i bytes can be made.
  constexpr int kNever = 1000;
  std::vector<int> fewest(s.size() + 1, kNever);
  fewest[0] = 0;
  for (std::size_t at = 0; at < s.size(); ++at) {
    if (fewest[at] > 2) continue;
    const auto reach = [&](std::size_t n, int words) {
      fewest[at + n] = std::min(fewest[at + n], fewest[at] + words);
    };
    const auto c = static_cast<unsigned char>(s[at]);
    if (c < 0x80 && !(c >= 'a' && c <= 'z')) reach(1, 0);
    const std::size_t run = run_length(s, at);
    for (std::size_t n = 3; n <= run; ++n) reach(n, 0);
    for (std::size_t n = 3; n <= std::min(longest, s.size() - at); ++n)
      if (known(at, n)) reach(n, 1);
  }
  return fewest[s.size()] <= 2;
}

base::Result<std::string> normal_password(std::string_view typed) {
  if (typed.size() > kBytesMax)
    return Error{Refusal::invalid, "a password has at most 1,024 bytes; shorten it"};
  if (!base::is_utf8(typed)) return Error{Refusal::invalid, "the password is no text; type it again"};
  for (const char c : typed)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return Error{Refusal::invalid, "a password holds no control characters; type it again"};
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* nfkc = unorm2_getNFKCInstance(&error);
  std::u16string wide(typed.size() + 1, u'\0'), normal(typed.size() * 18 + 1, u'\0');
  int32_t n = 0;
  u_strFromUTF8(wide.data(), static_cast<int32_t>(wide.size()), &n, typed.data(),
                static_cast<int32_t>(typed.size()), &error);
  n = unorm2_normalize(nfkc, wide.data(), n, normal.data(), static_cast<int32_t>(normal.size()), &error);
  std::string out(static_cast<std::size_t>(std::max(n, 0)) * 3 + 1, '\0');
  int32_t bytes = 0;
  u_strToUTF8(out.data(), static_cast<int32_t>(out.size()), &bytes, normal.data(), n, &error);
  if (U_FAILURE(error)) return Error{Refusal::invalid, "the password cannot be read as text; type it again"};
  out.resize(static_cast<std::size_t>(bytes));
  return out;
}

base::Status acceptable_password(std::string_view typed, std::span<const std::string_view> own,
                                 const CommonPasswords& common, const Limits& limits) {
  const std::string password = TRY(normal_password(typed));
  if (characters(password) < static_cast<std::size_t>(limits.password_characters_min))
    return Error{Refusal::invalid, "the password is too short: take at least " +
                                       std::to_string(limits.password_characters_min) + " characters"};
  if (common.common(password, own))
    return Error{
        Refusal::invalid,
        "the password is one that many people choose: take several words that do not belong together"};
  return base::Done{};
}

Passwords::Passwords(const Limits& limits, Pepper pepper, std::vector<Pepper> older)
    : memory_kib_(limits.password_memory_mib * 1024),
      passes_(limits.password_passes),
      places_(limits.password_hashes_at_once),
      pepper_(std::move(pepper)),
      older_(std::move(older)) {
  CHECK(pepper_.hmac && places_ > 0);
  // Made without hashing: no password leads to it.
  decoy_ = std::string(kScheme) + std::to_string(memory_kib_) + ",t=" + std::to_string(passes_) +
           ",p=1,k=" + std::to_string(pepper_.version) + "$" + base::base64(base::random_bytes(kSalt)) + "$" +
           base::base64(base::random_bytes(kMac));
}

base::Status Passwords::mac(std::string_view password, const Cost& cost, std::string& out) {
  {
    std::unique_lock lock(mutex_);
    if (working_ >= places_ && waiting_ >= 4 * places_)
      return Error{Refusal::exhausted, "too many people sign in at once; try again in some seconds"};
    ++waiting_;
    freed_.wait(lock, [&] { return working_ < places_; });
    --waiting_;
    most_ = std::max(most_, ++working_);
  }
  struct Leave {
    Passwords& p;
    ~Leave() {
      const std::lock_guard lock(p.mutex_);
      --p.working_;
      p.freed_.notify_one();
    }
  } leave{*this};
  std::string tag = base::argon2id(password, cost.salt,
                                   {.memory_kib = static_cast<std::uint32_t>(cost.memory_kib),
                                    .passes = static_cast<std::uint32_t>(cost.passes)},
                                   kMac);
  out = cost.pepper.hmac(tag);
  base::wipe(tag);
  CHECK(out.size() == kMac);
  return base::Done{};
}

base::Result<std::string> Passwords::hash(std::string_view typed) {
  std::string password = TRY(normal_password(typed));
  const std::string salt = base::random_bytes(kSalt);
  std::string bytes;
  const base::Status made = mac(password, {memory_kib_, passes_, salt, pepper_}, bytes);
  base::wipe(password);
  TRY(made);
  return std::string(kScheme) + std::to_string(memory_kib_) + ",t=" + std::to_string(passes_) +
         ",p=1,k=" + std::to_string(pepper_.version) + "$" + base::base64(salt) + "$" + base::base64(bytes);
}

base::Result<PasswordVerdict> Passwords::verify(std::string_view typed, std::string_view stored) {
  const Stored s = TRY(read_stored(stored));
  const Pepper* pepper = s.pepper == pepper_.version ? &pepper_ : nullptr;
  for (const Pepper& p : older_)
    if (!pepper && p.version == s.pepper) pepper = &p;
  if (!pepper)
    return Error{Refusal::unsupported,
                 "the password was made with a pepper that is gone; set a new password"};
  // What cannot be a password costs the same as one that is wrong.
  auto normal = normal_password(typed);
  std::string password;
  if (normal.ok()) password.swap(*normal);
  std::string bytes;
  const base::Status made = mac(password, {s.memory_kib, s.passes, s.salt, *pepper}, bytes);
  base::wipe(password);
  TRY(made);
  const bool same = sodium_memcmp(bytes.data(), s.mac.data(), kMac) == 0;
  return PasswordVerdict{same && normal.ok(),
                         same && (s.memory_kib != memory_kib_ || s.passes != passes_ || pepper != &pepper_)};
}

base::Result<PasswordVerdict> Passwords::verify_nobody(std::string_view typed) {
  TRY(verify(typed, decoy_));
  return PasswordVerdict{};
}

}  // namespace rights
