#pragma once
// The field types a record may be made of: how each is stored, written as JSON and read back.
// A new field type is one specialisation of WireOf.

#include <base/json.h>
#include <base/result.h>
#include <base/text.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace record {

enum class Column : unsigned char { integer, real, text, blob };

// A value on its way to or from a database. Views live as long as what they were taken from.
struct Cell {
  enum class Is : unsigned char { null, integer, real, text, blob } is = Is::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes{};

  static Cell of(std::int64_t v) { return {Is::integer, v, 0, {}}; }
  static Cell of(double v) { return {Is::real, 0, v, {}}; }
  static Cell text(std::string_view v) { return {Is::text, 0, 0, v}; }
  static Cell blob(std::string_view v) { return {Is::blob, 0, 0, v}; }
};

// JSON as it is read: one parsed value. (Boost.JSON stays behind json.cpp.)
class JsonView {
 public:
  explicit JsonView(const void* value) : value_(value) {}
  bool is_null() const;
  std::optional<std::int64_t> integer() const;
  std::optional<double> real() const;
  std::optional<bool> boolean() const;
  std::optional<std::string_view> string() const;

 private:
  const void* value_;
};

struct Wire {
  Column column;
  bool optional;
  std::string_view schema;  // JSON Schema of the value
  void (*write)(Cell& out, const void* value);
  bool (*read)(const Cell& in, void* value);  // false: a stored value of the wrong kind
  void (*json)(std::string& out, const void* value);
  bool (*from_json)(const JsonView& in, void* value);
  bool (*equal)(const void* a, const void* b);
};

template <class T>
struct WireOf;

template <class T>
inline constexpr Wire wire{
    WireOf<T>::column,
    WireOf<T>::optional,
    WireOf<T>::schema,
    [](Cell& c, const void* v) { WireOf<T>::write(c, *static_cast<const T*>(v)); },
    [](const Cell& c, void* v) { return WireOf<T>::read(c, *static_cast<T*>(v)); },
    [](std::string& o, const void* v) { WireOf<T>::json(o, *static_cast<const T*>(v)); },
    [](const JsonView& j, void* v) { return WireOf<T>::from_json(j, *static_cast<T*>(v)); },
    [](const void* a, const void* b) { return *static_cast<const T*>(a) == *static_cast<const T*>(b); }};

template <>
struct WireOf<std::int64_t> {
  static constexpr Column column = Column::integer;
  static constexpr bool optional = false;
  static constexpr std::string_view schema = R"({"type":"integer"})";
  static void write(Cell& c, std::int64_t v) { c = Cell::of(v); }
  static bool read(const Cell& c, std::int64_t& v) {
    v = c.integer;
    return c.is == Cell::Is::integer;
  }
  static void json(std::string& o, std::int64_t v) { o += std::to_string(v); }
  static bool from_json(const JsonView& j, std::int64_t& v) {
    const auto n = j.integer();
    if (n) v = *n;
    return n.has_value();
  }
};

template <>
struct WireOf<double> {
  static constexpr Column column = Column::real;
  static constexpr bool optional = false;
  static constexpr std::string_view schema = R"({"type":"number"})";
  static void write(Cell& c, double v) { c = Cell::of(v); }
  static bool read(const Cell& c, double& v) {
    v = c.is == Cell::Is::integer ? static_cast<double>(c.integer) : c.real;
    return c.is == Cell::Is::real || c.is == Cell::Is::integer;
  }
  static void json(std::string& o, double v) { base::JsonWriter(o).value(v); }
  static bool from_json(const JsonView& j, double& v) {
    const auto n = j.real();
    if (n) v = *n;
    return n.has_value();
  }
};

template <>
struct WireOf<bool> {
  static constexpr Column column = Column::integer;
  static constexpr bool optional = false;
  static constexpr std::string_view schema = R"({"type":"boolean"})";
  static void write(Cell& c, bool v) { c = Cell::of(std::int64_t{v}); }
  static bool read(const Cell& c, bool& v) {
    v = c.integer != 0;
    return c.is == Cell::Is::integer && (c.integer == 0 || c.integer == 1);
  }
  static void json(std::string& o, bool v) { o += v ? "true" : "false"; }
  static bool from_json(const JsonView& j, bool& v) {
    const auto b = j.boolean();
    if (b) v = *b;
    return b.has_value();
  }
};

template <>
struct WireOf<std::string> {
  static constexpr Column column = Column::text;
  static constexpr bool optional = false;
  static constexpr std::string_view schema = R"({"type":"string"})";
  static void write(Cell& c, const std::string& v) { c = Cell::text(v); }
  static bool read(const Cell& c, std::string& v) {
    v = c.bytes;
    return c.is == Cell::Is::text;
  }
  static void json(std::string& o, const std::string& v) { base::append_json_string(o, v); }
  static bool from_json(const JsonView& j, std::string& v) {
    const auto s = j.string();
    if (s) v = *s;
    return s.has_value() && v.find('\0') == std::string::npos;
  }
};

// Bytes that are no text: hashes, keys, salts. Hexadecimal in JSON.
struct Octets {
  std::string bytes;
  bool operator==(const Octets&) const = default;
};
template <>
struct WireOf<Octets> {
  static constexpr Column column = Column::blob;
  static constexpr bool optional = false;
  static constexpr std::string_view schema = R"({"type":"string","pattern":"^([0-9a-f]{2})*$"})";
  static void write(Cell& c, const Octets& v) { c = Cell::blob(v.bytes); }
  static bool read(const Cell& c, Octets& v) {
    v.bytes = c.bytes;
    return c.is == Cell::Is::blob;
  }
  static void json(std::string& o, const Octets& v);
  static bool from_json(const JsonView& j, Octets& v);
};

template <class T>
struct WireOf<std::optional<T>> {
  static constexpr Column column = WireOf<T>::column;
  static constexpr bool optional = true;
  static constexpr std::string_view schema = WireOf<T>::schema;
  static void write(Cell& c, const std::optional<T>& v) {
    if (v)
      WireOf<T>::write(c, *v);
    else
      c = {};
  }
  static bool read(const Cell& c, std::optional<T>& v) {
    if (c.is == Cell::Is::null) {
      v.reset();
      return true;
    }
    return WireOf<T>::read(c, v.emplace());
  }
  static void json(std::string& o, const std::optional<T>& v) {
    if (v)
      WireOf<T>::json(o, *v);
    else
      o += "null";
  }
  static bool from_json(const JsonView& j, std::optional<T>& v) {
    if (j.is_null()) {
      v.reset();
      return true;
    }
    return WireOf<T>::from_json(j, v.emplace());
  }
};

}  // namespace record
