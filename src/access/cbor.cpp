#include "cbor.h"

#include <base/bytes.h>
#include <base/text.h>

#include <limits>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

class Reader {
 public:
  Reader(std::string_view bytes, const CborLimits& limits) : cursor_(bytes), bytes_(bytes), limits_(limits) {}
  std::size_t at() const { return cursor_.at(); }

  base::Result<Cbor> value(std::size_t depth) {
    if (++items_ > limits_.items_max) return Error{Refusal::exhausted, "too many values in the CBOR"};
    const auto head = cursor_.le<std::uint8_t>();
    const unsigned major = head >> 5;
    if (major == 7) return simple(head & 31u);
    const std::uint64_t n = TRY(argument(head & 31u));
    switch (major) {
      case 0:
      case 1:
        if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
          return Error{Refusal::invalid, "a number in the CBOR is too large"};
        return Cbor{.is = Cbor::Is::integer,
                    .number = major ? -1 - static_cast<std::int64_t>(n) : static_cast<std::int64_t>(n)};
      case 2:
      case 3: {
        if (n > cursor_.left()) return ended();
        const Cbor c{.is = major == 2 ? Cbor::Is::bytes : Cbor::Is::text, .bytes = cursor_.take(n)};
        if (major == 3 && !base::is_utf8(c.bytes))
          return Error{Refusal::invalid, "a text in the CBOR is no UTF-8"};
        return c;
      }
      case 4:
      case 5: return container(major, n, depth);
      default: return Error{Refusal::invalid, "the CBOR holds a tag"};
    }
  }

 private:
  static Error ended() { return {Refusal::invalid, "the CBOR ends too early"}; }

  base::Result<Cbor> simple(unsigned low) {
    if (!cursor_.ok()) return ended();
    if (low == 20 || low == 21) return Cbor{.is = Cbor::Is::boolean, .number = low == 21};
    if (low == 22) return Cbor{};
    return Error{Refusal::invalid, "the CBOR holds a float or an unknown simple value"};
  }

  base::Result<std::uint64_t> argument(unsigned low) {
    std::uint64_t n = low, least = 0;
    switch (low) {
      case 24: n = cursor_.be<std::uint8_t>(), least = 24; break;
      case 25: n = cursor_.be<std::uint16_t>(), least = 0x100; break;
      case 26: n = cursor_.be<std::uint32_t>(), least = 0x10000; break;
      case 27: n = cursor_.be<std::uint64_t>(), least = 0x1'0000'0000; break;
      default: break;
    }
    if (!cursor_.ok()) return ended();
    if (low > 27) return Error{Refusal::invalid, "the CBOR has an indefinite length"};
    if (n < least) return Error{Refusal::invalid, "a number in the CBOR is not in its shortest form"};
    return n;
  }

  base::Result<Cbor> container(unsigned major, std::uint64_t n, std::size_t depth) {
    if (depth >= limits_.depth_max) return Error{Refusal::exhausted, "the CBOR is too deep"};
    if (n > limits_.items_max) return Error{Refusal::exhausted, "too many values in the CBOR"};
    Cbor c{.is = major == 4 ? Cbor::Is::array : Cbor::Is::map};
    std::string_view last;
    for (std::uint64_t i = 0; i < n; ++i) {
      if (major == 5) {
        const std::size_t from = cursor_.at();
        Cbor key = TRY(value(depth + 1));
        if (key.is != Cbor::Is::integer && key.is != Cbor::Is::text)
          return Error{Refusal::invalid, "a key of the CBOR is neither number nor text"};
        const std::string_view spelling = bytes_.substr(from, cursor_.at() - from);
        if (i && !before(last, spelling))
          return Error{Refusal::invalid, "keys of the CBOR are out of order or twice"};
        last = spelling;
        c.items.push_back(std::move(key));
      }
      c.items.push_back(TRY(value(depth + 1)));
    }
    return c;
  }

  // CTAP 2.1 §8: by major type, then the shorter one, then byte by byte.
  static bool before(std::string_view a, std::string_view b) {
    const int x = static_cast<unsigned char>(a[0]) >> 5, y = static_cast<unsigned char>(b[0]) >> 5;
    if (x != y) return x < y;
    if (a.size() != b.size()) return a.size() < b.size();
    return a < b;
  }

  base::Cursor cursor_;
  std::string_view bytes_;
  CborLimits limits_;
  std::size_t items_ = 0;
};

}  // namespace

const Cbor* Cbor::find(std::int64_t key) const {
  for (std::size_t i = 0; is == Is::map && i + 1 < items.size(); i += 2)
    if (items[i].is == Is::integer && items[i].number == key) return &items[i + 1];
  return nullptr;
}
const Cbor* Cbor::find(std::string_view key) const {
  for (std::size_t i = 0; is == Is::map && i + 1 < items.size(); i += 2)
    if (items[i].is == Is::text && items[i].bytes == key) return &items[i + 1];
  return nullptr;
}

base::Result<Cbor> read_cbor(std::string_view bytes, std::size_t& used, const CborLimits& limits) {
  if (bytes.size() > limits.bytes_max) return Error{Refusal::exhausted, "the CBOR is longer than allowed"};
  Reader r(bytes, limits);
  Cbor c = TRY(r.value(0));
  used = r.at();
  return c;
}

}  // namespace rights
