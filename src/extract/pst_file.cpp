// The input of libpff is a handle of libbfio whose calls go to a Source.
#include "pst_file.h"

#include <base/text.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <sys/types.h>

extern "C" {
using libbfio_handle_t = std::intptr_t;
int libbfio_handle_initialize(
    libbfio_handle_t** handle, std::intptr_t* io, int (*free_io)(std::intptr_t**, libpff_error_t**),
    int (*clone)(std::intptr_t**, std::intptr_t*, libpff_error_t**),
    int (*open)(std::intptr_t*, int, libpff_error_t**), int (*close)(std::intptr_t*, libpff_error_t**),
    ssize_t (*read)(std::intptr_t*, std::uint8_t*, std::size_t, libpff_error_t**),
    ssize_t (*write)(std::intptr_t*, const std::uint8_t*, std::size_t, libpff_error_t**),
    off64_t (*seek)(std::intptr_t*, off64_t, int, libpff_error_t**),
    int (*exists)(std::intptr_t*, libpff_error_t**), int (*is_open)(std::intptr_t*, libpff_error_t**),
    int (*get_size)(std::intptr_t*, size64_t*, libpff_error_t**), std::uint8_t flags, libpff_error_t** error);
int libbfio_handle_free(libbfio_handle_t** handle, libpff_error_t** error);
int libpff_file_open_file_io_handle(libpff_file_t* file, libbfio_handle_t* handle, int access_flags,
                                    libpff_error_t** error);
}

namespace extract::pst {

struct Calls {
  using Io = std::intptr_t;
  static File::Input& input(Io* io) { return *reinterpret_cast<File::Input*>(io); }
  static int free_io(Io** io, libpff_error_t**) {
    *io = nullptr;  // it is a member of File
    return 1;
  }
  static int clone(Io** to, Io* from, libpff_error_t**) {
    *to = from;
    return 1;
  }
  static int open(Io* io, int, libpff_error_t**) {
    input(io).open = true;
    return 1;
  }
  static int close(Io* io, libpff_error_t**) {
    input(io).open = false;
    return 0;
  }
  static ssize_t read(Io* io, std::uint8_t* to, std::size_t n, libpff_error_t**) {
    File::Input& in = input(io);
    std::size_t done = 0;
    while (done < n) {
      const std::string_view got = in.source.read(in.at, std::min<std::size_t>(n - done, 1 << 20));
      if (got.empty()) break;
      std::memcpy(to + done, got.data(), got.size());
      done += got.size();
      in.at += got.size();
    }
    return static_cast<ssize_t>(done);
  }
  static ssize_t write(Io*, const std::uint8_t*, std::size_t, libpff_error_t**) { return -1; }
  static off64_t seek(Io* io, off64_t offset, int whence, libpff_error_t**) {
    File::Input& in = input(io);
    const off64_t from = whence == SEEK_SET   ? 0
                         : whence == SEEK_CUR ? static_cast<off64_t>(in.at)
                                              : static_cast<off64_t>(in.source.size());
    off64_t to = 0;
    if (__builtin_add_overflow(from, offset, &to) || to < 0) return -1;
    in.at = static_cast<std::uint64_t>(to);
    return to;
  }
  static int exists(Io*, libpff_error_t**) { return 1; }
  static int is_open(Io* io, libpff_error_t**) { return input(io).open ? 1 : 0; }
  static int size(Io* io, size64_t* out, libpff_error_t**) {
    *out = input(io).source.size();
    return 1;
  }
};

namespace {

constexpr std::size_t kStringMax = 16 << 20;

struct EntryCloser {
  void operator()(libpff_record_entry_t* e) const { libpff_record_entry_free(&e, nullptr); }
};
using Entry = std::unique_ptr<libpff_record_entry_t, EntryCloser>;

Entry entry_of(libpff_item_t* item, Tag tag, int set) {
  libpff_record_set_t* records = nullptr;
  if (libpff_item_get_record_set_by_index(item, set, &records, nullptr) != 1) return {};
  libpff_record_entry_t* entry = nullptr;
  const int found = libpff_record_set_get_entry_by_type(
      records, tag, 0, &entry, LIBPFF_ENTRY_VALUE_FLAG_MATCH_ANY_VALUE_TYPE, nullptr);
  libpff_record_set_free(&records, nullptr);
  if (found != 1) return {};
  return Entry(entry);
}

}  // namespace

std::string text_of(libpff_item_t* item, Tag tag, int set) {
  const Entry entry = entry_of(item, tag, set);
  std::size_t n = 0;
  if (!entry || libpff_record_entry_get_data_as_utf8_string_size(entry.get(), &n, nullptr) != 1) return {};
  if (n < 2 || n > kStringMax) return {};
  std::string out(n, '\0');
  if (libpff_record_entry_get_data_as_utf8_string(entry.get(), reinterpret_cast<std::uint8_t*>(out.data()), n,
                                                  nullptr) != 1)
    return {};
  out.resize(std::strlen(out.c_str()));
  return out;
}

std::uint64_t time_of(libpff_item_t* item, Tag tag) {
  const Entry entry = entry_of(item, tag, 0);
  std::uint64_t ticks = 0;
  return entry && libpff_record_entry_get_data_as_filetime(entry.get(), &ticks, nullptr) == 1 ? ticks : 0;
}

std::uint32_t number_of(libpff_item_t* item, Tag tag, int set) {
  const Entry entry = entry_of(item, tag, set);
  std::uint32_t value = 0;
  return entry && libpff_record_entry_get_data_as_32bit_integer(entry.get(), &value, nullptr) == 1 ? value
                                                                                                   : 0;
}

std::uint32_t id_of(libpff_item_t* item) {
  std::uint32_t id = 0;
  libpff_item_get_identifier(item, &id, nullptr);
  return id;
}

std::string folder_name(libpff_item_t* folder) {
  std::size_t n = 0;
  if (libpff_folder_get_utf8_name_size(folder, &n, nullptr) != 1 || n < 2 || n > 64 * 1024) return {};
  std::string out(n, '\0');
  if (libpff_folder_get_utf8_name(folder, reinterpret_cast<std::uint8_t*>(out.data()), n, nullptr) != 1)
    return {};
  out.resize(std::strlen(out.c_str()));
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::string body_of(libpff_item_t* message, Body which, std::uint64_t bytes_max) {
  const auto size = which == Body::plain  ? libpff_message_get_plain_text_body_size
                    : which == Body::html ? libpff_message_get_html_body_size
                                          : libpff_message_get_rtf_body_size;
  const auto get = which == Body::plain  ? libpff_message_get_plain_text_body
                   : which == Body::html ? libpff_message_get_html_body
                                         : libpff_message_get_rtf_body;
  std::size_t n = 0;
  if (size(message, &n, nullptr) != 1 || n == 0 || n > bytes_max) return {};
  std::string out(n, '\0');
  if (get(message, reinterpret_cast<std::uint8_t*>(out.data()), n, nullptr) != 1) return {};
  while (!out.empty() && out.back() == '\0') out.pop_back();
  return out;
}

File::File(Source& source) : input_{source} {
  libpff_error_t* error = nullptr;
  auto** handle = reinterpret_cast<libbfio_handle_t**>(&handle_);
  if (libbfio_handle_initialize(handle, reinterpret_cast<std::intptr_t*>(&input_), Calls::free_io,
                                Calls::clone, Calls::open, Calls::close, Calls::read, Calls::write,
                                Calls::seek, Calls::exists, Calls::is_open, Calls::size, 0, &error) == 1 &&
      libpff_file_initialize(&file_, &error) == 1 &&
      libpff_file_open_file_io_handle(file_, *handle, LIBPFF_OPEN_READ, &error) == 1)
    opened_ = true;
  if (!error) return;
  std::array<char, 512> room{};
  if (libpff_error_sprint(error, room.data(), room.size()) > 0) error_ = room.data();
  libpff_error_free(&error);
}

File::~File() {
  if (opened_) libpff_file_close(file_, nullptr);
  if (file_) libpff_file_free(&file_, nullptr);
  if (handle_) libbfio_handle_free(reinterpret_cast<libbfio_handle_t**>(&handle_), nullptr);
}

Item File::root() const {
  libpff_item_t* root = nullptr;
  if (libpff_file_get_root_folder(file_, &root, nullptr) != 1) return {};
  return Item(root);
}

Item File::by_id(std::uint32_t id) const {
  libpff_item_t* item = nullptr;
  if (libpff_file_get_item_by_identifier(file_, id, &item, nullptr) != 1) return {};
  return Item(item);
}

}  // namespace extract::pst
