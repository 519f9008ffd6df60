#pragma once
// The time at the start of a line of a WhatsApp (or Signal) text export, in any of the locales that
// phones write. The order of day and month is not in the line: the whole export decides it.

#include <optional>
#include <string>
#include <string_view>

namespace extract {

enum class DayHalf { none, am, pm };

struct ChatStamp {
  int date[3] = {0, 0, 0};  // as written
  int digits[3] = {0, 0, 0};
  char separator = 0;
  int hour = 0, minute = 0, second = -1;  // -1: the line gives none
  DayHalf half = DayHalf::none;
  bool bracketed = false;
  std::size_t length = 0;  // of what is before the sender, in bytes of the line
};

std::optional<ChatStamp> chat_stamp(std::string_view line);

}  // namespace extract
