#pragma once
// Bytes of text in any encoding become UTF-8. There is always a result, and the name of the charset that
// was used to make it: what a file declares is believed only as far as its bytes agree.

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace extract {

// The charset of a byte order mark, or of text that is plainly UTF-16 or UTF-32 without one; or "".
std::string_view wide_charset(std::string_view head);
// Length of the byte order mark of that charset at the start.
std::size_t mark_bytes(std::string_view head, std::string_view charset);

// The charset to decode by: mark, validity, declaration, statistics, in this order. Never empty.
std::string charset_of(std::string_view bytes, std::string_view declared = {});

// Decodes a stream of any length in pieces of any size.
class Decoder {
 public:
  explicit Decoder(std::string_view charset);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) = delete;
  // Appends the UTF-8 of `bytes` to `out`. What is incomplete at the end waits for more, unless `last`.
  void add(std::string_view bytes, bool last, std::string& out);

 private:
  enum class Way { utf8, wide16, wide32, table, converter };
  void add_wide(std::string_view bytes, bool last, std::string& out);
  void add_converted(std::string_view bytes, bool last, std::string& out);
  Way way_ = Way::utf8;
  bool big_ = false;
  const std::array<char16_t, 256>* table_ = nullptr;
  void* converter_ = nullptr;
  std::string waiting_;
};

struct Decoded {
  std::string text, charset;
};
Decoded decode(std::string_view bytes, std::string_view declared = {});
// As decode(), without a copy when the bytes are UTF-8 already; `storage` holds the text otherwise.
std::string_view decode_view(std::string_view bytes, std::string_view declared, std::string& storage,
                             std::string* charset = nullptr);
// By this charset, without looking whether it fits.
std::string decode_as(std::string_view bytes, std::string_view charset);
// "cp1252" of a Windows code page number, "" when there is none.
std::string charset_of_code_page(unsigned code_page);

// The first byte beyond ASCII at or after `at`, or the end.
std::size_t skip_ascii(std::string_view s, std::size_t at);

// UTF-16LE as formats of Microsoft hold it.
std::string from_utf16le(std::string_view bytes);

}  // namespace extract
