#pragma once
// Values as they are printed: labels for codes, names for what they name.

#include <kinds/kind.h>

#include <functional>

namespace kinds {

// "1 November 2026", "1er novembre 2026"; what is not one whole day, month or year is written as near to that
// as can be.
std::string date_in_words(std::string_view date, bool french);
std::string time_in_words(std::string_view time, bool french);

class Printing {
 public:
  // How a record, a person or an item is said that a value names; nothing: it is left out.
  struct Naming {
    std::function<std::optional<std::string>(const Field&, std::string_view code)> named;
    std::function<std::optional<std::string>(std::string_view id)> item;
  };
  Printing(const Declared& declared, std::string_view language, Naming naming, bool in_words)
      : declared_(declared), naming_(std::move(naming)), french_(language == "fr"), in_words_(in_words) {}

  const std::string& say(const Words& w) const { return french_ ? w.fr : w.en; }
  std::string text(const Field& f, const boost::json::value& v) const;

 private:
  std::string one(const Field& f, const boost::json::value& v) const;
  std::string of_list(const boost::json::value& scheme, const char* list,
                      const boost::json::value& code) const;
  const Declared& declared_;
  Naming naming_;
  bool french_, in_words_;
};

}  // namespace kinds
