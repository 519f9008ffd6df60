#pragma once
// Tells a plain struct to the machine, once.
//
// describe() lowers a struct to a Shape: a table of fields, without templates. SQL, JSON, JSON
// Schema and the ledger's diff read and write that table in ordinary .cpp files, so a record costs
// the compiler one row a field.

#include <record/wire.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace record {

// What a field asks of whoever shows it.
enum class Guard : unsigned char { open, restricted, sealed };

struct Field {
  int number;             // permanent; a retired number is never given again
  std::string_view name;  // member = column = JSON key
  std::string_view label;
  const Wire* wire;
  const void* (*at)(const void* record);
  void* (*at_mutable)(void* record);
  Guard guard = Guard::open;
  bool indexed = false, key = false;

  constexpr Field guarded(Guard g) const {
    Field f = *this;
    f.guard = g;
    return f;
  }
  constexpr Field with_index() const {
    Field f = *this;
    f.indexed = true;
    return f;
  }
  constexpr Field as_key() const {
    Field f = *this;
    f.key = true;
    return f;
  }
};

struct Shape {
  std::string_view name;
  std::span<const Field> fields;
  std::span<const int> retired;  // numbers of fields that once were
};

namespace detail {

template <auto Member>
struct Pointed;
template <class T, class Owner_, T Owner_::*Member>
struct Pointed<Member> {
  using Type = T;
  using Owner = Owner_;
};

struct Anything {
  template <class T>
  operator T() const noexcept;  // only ever named, never called
};

template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
  return requires { T{((void)I, Anything{})...}; };
}

}  // namespace detail

template <auto Member>
constexpr Field field(int number, std::string_view name, std::string_view label) {
  using P = detail::Pointed<Member>;
  return {number,
          name,
          label,
          &wire<typename P::Type>,
          [](const void* r) -> const void* { return &(static_cast<const typename P::Owner*>(r)->*Member); },
          [](void* r) -> void* { return &(static_cast<typename P::Owner*>(r)->*Member); }};
}

template <std::size_t N>
struct Description {
  std::string_view name;
  std::array<Field, N> fields;
  static constexpr std::size_t size = N;
};

template <class... Fields>
constexpr Description<sizeof...(Fields)> describe(std::string_view name, Fields... fields) {
  return {name, {fields...}};
}

// Specialised once per record, next to the struct.
template <class T>
inline constexpr int description = 0;
// Specialised where a record once had fields that are gone.
template <class T>
inline constexpr std::array<int, 0> retired{};

template <class T>
concept Described = !std::same_as<std::remove_cv_t<decltype(description<T>)>, int>;

template <Described T>
inline constexpr Shape shape{description<T>.name, description<T>.fields, retired<T>};

// True when no member was forgotten, and no number or name is used twice.
template <Described T>
consteval bool complete() {
  constexpr auto& d = description<T>;
  for (std::size_t i = 0; i < d.fields.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (d.fields[i].number == d.fields[j].number || d.fields[i].name == d.fields[j].name) return false;
    for (const int gone : retired<T>)
      if (d.fields[i].number == gone) return false;
  }
  return detail::takes<T>(std::make_index_sequence<d.size>{}) &&
         !detail::takes<T>(std::make_index_sequence<d.size + 1>{});
}

}  // namespace record
