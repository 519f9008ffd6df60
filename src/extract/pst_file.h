#pragma once
// libpff behind a face that cannot leak: items close themselves, properties are asked by tag, and the file is
// a Source.

#include <extract/reader.h>

#include <libpff/features.h>
// The header of libbfio is not packaged with libpff; what is needed of it is declared in pst_file.cpp.
#undef LIBPFF_HAVE_BFIO
#include <libpff.h>

#include <memory>
#include <optional>

namespace extract::pst {

struct ItemCloser {
  void operator()(libpff_item_t* item) const { libpff_item_free(&item, nullptr); }
};
using Item = std::unique_ptr<libpff_item_t, ItemCloser>;

// Tags of [MS-OXPROPS]; those above 0x8000 are named ones that libpff maps to their number.
enum Tag : std::uint32_t {
  message_class = 0x001a,
  subject = 0x0037,
  submit_time = 0x0039,
  representing_name = 0x0042,
  representing_address = 0x0065,
  headers = 0x007d,
  recipient_type = 0x0c15,
  sender_name = 0x0c1a,
  sender_address = 0x0c1f,
  display_bcc = 0x0e02,
  display_cc = 0x0e03,
  display_to = 0x0e04,
  delivery_time = 0x0e06,
  message_id = 0x1035,
  references = 0x1039,
  in_reply_to = 0x1042,
  display_name = 0x3001,
  address = 0x3003,
  creation_time = 0x3007,
  modification_time = 0x3008,
  attach_short_name = 0x3704,
  attach_name = 0x3707,
  attach_type = 0x370e,
  smtp_address = 0x39fe,
  business_phone = 0x3a08,
  home_phone = 0x3a09,
  postal_address = 0x3a15,
  company = 0x3a16,
  job_title = 0x3a17,
  mobile_phone = 0x3a1c,
  sender_smtp = 0x5d01,
  representing_smtp = 0x5d02,
  contact_mail_1 = 0x8083,
  contact_mail_2 = 0x8093,
  task_start = 0x8104,
  task_due = 0x8105,
  place = 0x8208,
  start = 0x820d,
  end = 0x820e,
};

std::string text_of(libpff_item_t* item, Tag tag, int set = 0);
std::uint64_t time_of(libpff_item_t* item, Tag tag);  // FILETIME, 0 when there is none
std::uint32_t number_of(libpff_item_t* item, Tag tag, int set = 0);
std::uint32_t id_of(libpff_item_t* item);
std::string folder_name(libpff_item_t* folder);

enum class Body : std::uint8_t { plain, html, rtf };
std::string body_of(libpff_item_t* message, Body which, std::uint64_t bytes_max);

class File {
 public:
  explicit File(Source& source);
  ~File();
  File(const File&) = delete;
  bool opened() const { return opened_; }
  std::string error() const { return error_; }
  libpff_file_t* get() { return file_; }
  Item root() const;
  Item by_id(std::uint32_t id) const;

 private:
  struct Input {
    Source& source;
    std::uint64_t at = 0;
    bool open = false;
  };
  friend struct Calls;
  Input input_;
  void* handle_ = nullptr;
  libpff_file_t* file_ = nullptr;
  bool opened_ = false;
  std::string error_;
};

}  // namespace extract::pst
