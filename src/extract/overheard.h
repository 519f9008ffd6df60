#pragma once
// A sink for those who want of a reading only its text, or the picture it draws.

#include <extract/show.h>

namespace extract {

class Overheard final : public Sink {
 public:
  std::vector<std::string> pages{""};
  std::string picture;
  std::size_t text_max = 0;  // bytes; more are not wanted
  bool full = false;

  bool text(std::string_view utf8) override {
    if (heard_ + utf8.size() > text_max)
      full = true;
    else
      pages.back() += utf8, heard_ += utf8.size();
    return !full;
  }
  void next_page() override { pages.emplace_back(); }
  void derived(std::string_view kind, std::string_view bytes) override {
    if (kind == kPicture) picture = bytes;
  }
  void finding(Reason r, std::string_view detail) override {
    if (r == Reason::encrypted) encrypted = detail;
  }
  std::string encrypted;  // what has to be opened before anything can be read
  void meta(std::string_view, std::string_view) override {}
  void machine(std::string_view, std::string_view, std::string_view) override {}
  void expect(std::uint64_t) override {}
  bool begin_part(const PartInfo&) override { return false; }
  bool part_bytes(std::string_view) override { return false; }
  void end_part() override {}
  void fail_part(Reason, std::string_view) override {}
  void lost_part(const PartInfo&, Reason, std::string_view) override {}
  bool begin_item(const PartInfo&) override { return false; }
  void end_item() override {}

 private:
  std::size_t heard_ = 0;
};

}  // namespace extract
