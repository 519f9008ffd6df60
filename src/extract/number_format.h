#pragma once
// Numbers of spreadsheets as a person saw them: 5/25/01, $1,739.95, 4.5%. By the published description of
// number formats; names of months and of days are English. Where a format shows nothing of what a cell holds
// (";;;"), the cell's value is given all the same.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace extract {

class NumberFormat {
 public:
  explicit NumberFormat(std::string_view code);
  std::string number(double value, bool since_1904) const;
  std::string text(std::string_view value) const;

  enum class Kind : std::uint8_t {
    literal, digit, point, percent, exponent, slash, general, text,
    year, month, day, hour, minute, second, fraction, half, past_hours, past_minutes, past_seconds
  };
  struct Token {
    Kind kind = Kind::literal;
    char c = 0;         // of a digit: 0 # ?; of an exponent and of a half day: what follows
    unsigned n = 0;     // how often the letter stands there; of a fraction: digits of a second
    std::string bytes;  // of a literal
  };
  struct Section {
    std::vector<Token> tokens;
    char condition = 0;  // < > = and l g n for <= >= <>
    double bound = 0;
    unsigned percents = 0, thousandths = 0, whole = 0, decimals = 0;
    bool thousands = false, date = false, half = false, exponent = false, slash = false, text = false;
  };

 private:
  std::vector<Section> sections_;
};

// General: as many digits as fit eleven characters; whole numbers of up to 15 digits stay whole, for they are
// often the numbers of accounts.
std::string general_number(double value);

// The formats of one book, by their ids.
class NumberFormats {
 public:
  void define(std::uint32_t id, std::string_view code);
  std::string number(std::uint32_t id, double value);
  std::string text(std::uint32_t id, std::string_view value);
  bool since_1904 = false;

 private:
  const NumberFormat& of(std::uint32_t id);
  std::map<std::uint32_t, NumberFormat> formats_;
  std::size_t code_bytes_ = 0;
};

}  // namespace extract
