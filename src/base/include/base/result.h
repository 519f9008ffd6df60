#pragma once
// A Result is the answer of a function that may refuse: the value, or the reason.
//
// Refusals are part of the domain and are returned. Faults (a bug, a full disk, a lost
// database) are thrown as base::Fault and caught only where a thread begins.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace base {

enum class Refusal : std::uint8_t {
  invalid,    // the input breaks a rule
  not_found,  // also what a caller learns of a record it may not see
  denied,
  conflict,     // somebody else was first
  damaged,      // bytes do not match their hash, or a file breaks its format
  unsupported,  // well-formed, but nobody here can read it
  exhausted,    // a limit was reached; never a silent truncation
};

// Where an error was made. (std::source_location is missing from clang 14 on Debian 12.)
struct Here {
  const char* file;
  int line;
  static constexpr Here now(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

struct Error {
  Refusal why{};
  std::string message{};
  Here where = Here::now();
};

template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

// What should never happen: the operation is abandoned, nothing half-done stays.
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};
[[noreturn]] void fault(const std::string& what);              // throws Fault
[[noreturn]] void fault_errno(const std::string& what);        // with the text of errno
[[noreturn]] void check_failed(const char* what, Here where);  // ends the program

}  // namespace base

// Value of `expression`, or leave this function with its error.
#define TRY(expression) TRY_NAMED(expression, BASE_JOIN(try_result_, __COUNTER__))
#define TRY_NAMED(expression, name)                 \
  __extension__({                                   \
    auto name = (expression);                       \
    if (!name.ok()) return std::move(name).error(); \
    std::move(name).value();                        \
  })
#define BASE_JOIN(a, b) BASE_JOIN_(a, b)
#define BASE_JOIN_(a, b) a##b

// An invariant of ours, never of the input. Always on.
#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::base::check_failed(#condition, ::base::Here::now()))
