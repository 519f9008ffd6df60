// PST and OST through libpff: a message is an item with fields, text and attachments, named by its folder.
// The file's own node tree says how many there are; a message it lists and libpff does not yield is told as
// lost.
#include "pst_nodes.h"

#include "dates.h"
#include "tag_dates.h"
#include "pst_file.h"

#include <base/text.h>
#include <extract/memory.h>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace extract {
namespace {

using namespace pst;
constexpr std::string_view kPstTypes[] = {"application/vnd.ms-outlook-pst"};

// Lets only the text of a nested reading through: the body of a message in HTML or RTF.
class BodySink final : public Sink {
 public:
  explicit BodySink(Sink& to) : to_(to) {}
  void meta(std::string_view, std::string_view) override {}
  bool text(std::string_view t) override { return to_.text(t); }
  void next_page() override {}
  void finding(Reason r, std::string_view d) override { to_.finding(r, d); }
  void derived(std::string_view, std::string_view) override {}
  void machine(std::string_view, std::string_view, std::string_view) override {}
  void expect(std::uint64_t) override {}
  bool begin_part(const PartInfo&) override { return true; }
  bool part_bytes(std::string_view) override { return true; }
  void end_part() override {}
  void fail_part(Reason, std::string_view) override {}
  void lost_part(const PartInfo&, Reason, std::string_view) override {}
  bool begin_item(const PartInfo&) override { return false; }
  void end_item() override {}

 private:
  Sink& to_;
};

std::string bare_id(std::string_view id) {
  id = base::trim(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  return std::string(id);
}

// The value of a header, unfolded; the first of that name.
std::string header(std::string_view all, std::string_view name) {
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = all.find('\n', at);
    if (end == std::string_view::npos) end = all.size();
    const std::string_view line = all.substr(at, end - at);
    if (base::starts_with_ci(line, name) && line.size() > name.size() && line[name.size()] == ':') {
      std::string value(base::trim(line.substr(name.size() + 1)));
      for (at = end + 1; at < all.size() && (all[at] == ' ' || all[at] == '\t'); at = end + 1) {
        end = std::min(all.find('\n', at), all.size());
        value += ' ' + std::string(base::trim(all.substr(at, end - at)));
      }
      return value;
    }
    at = end + 1;
  }
  return {};
}

class Reading {
 public:
  Reading(Source& source, const Request& request, Sink& sink)
      : source_(source), limits_(request.limits), sink_(sink) {}

  base::Status run() {
    const PstNodes nodes = pst_nodes(source_);
    if (nodes.cut) sink_.finding(Reason::truncated, "the file ends before the size it tells");
    if (nodes.pages_damaged)
      sink_.finding(Reason::damaged, std::to_string(nodes.pages_damaged) + " pages of the list of nodes");
    File file(source_);
    if (file.opened()) {
      if (const Item root = file.root()) folder(root.get(), "", 0);
      listed_but_not_in_a_folder(file, nodes);
      recovered(file);
    } else {
      sink_.finding(Reason::damaged, "cannot be opened: " + std::string(base::cut(file.error(), 300)));
    }
    std::uint64_t lost = 0;
    for (const PstNode& node : nodes.messages) {
      if (met_.contains(node.id)) continue;
      ++lost;
      if (full_) continue;
      PartInfo info{"message " + std::to_string(node.id), PartKind::message};
      info.order = order_++;
      sink_.lost_part(info, Reason::damaged, "the file lists this message, it cannot be read");
    }
    sink_.expect(given_ + lost);
    return base::Done{};
  }

 private:
  void folder(libpff_item_t* at, const std::string& path, std::uint32_t depth) {
    if (full_) return;
    if (depth > limits_.depth_max || !folders_.insert(id_of(at)).second) {
      sink_.finding(depth > limits_.depth_max ? Reason::too_deep : Reason::damaged, "folders in folders");
      return;
    }
    int count = 0;
    if (libpff_folder_get_number_of_sub_messages(at, &count, nullptr) == 1) {
      for (int i = 0; i < count && !full_; ++i) {
        libpff_item_t* raw = nullptr;
        if (libpff_folder_get_sub_message(at, i, &raw, nullptr) != 1)
          continue;  // the node list tells it as lost
        const Item item(raw);
        std::array<char, 16> number;
        std::snprintf(number.data(), number.size(), "%05d", i + 1);
        top_message(item.get(), path + number.data(), {});
      }
    }
    if (libpff_folder_get_number_of_sub_folders(at, &count, nullptr) != 1) return;
    for (int i = 0; i < count && !full_; ++i) {
      libpff_item_t* raw = nullptr;
      if (libpff_folder_get_sub_folder(at, i, &raw, nullptr) != 1) {
        sink_.finding(Reason::damaged, "a folder in " + (path.empty() ? "the root" : path));
        continue;
      }
      const Item item(raw);
      std::string name = folder_name(item.get());
      if (name.empty()) name = "folder " + std::to_string(i + 1);
      folder(item.get(), path + name + "/", depth + 1);
    }
  }

  // In the node tree, but in no folder's table: deleted, or the table is damaged.
  void listed_but_not_in_a_folder(File& file, const PstNodes& nodes) {
    for (const PstNode& node : nodes.messages) {
      if (full_) return;
      if (met_.contains(node.id)) continue;
      const Item item = file.by_id(node.id);
      if (!item) continue;
      std::uint8_t type = 0;
      if (libpff_item_get_type(item.get(), &type, nullptr) != 1) continue;
      top_message(item.get(), "Orphaned/" + std::to_string(node.id), "yes");
    }
  }

  void recovered(File& file) {
    if (libpff_file_recover_items(file.get(), 0, nullptr) != 1) return;
    const auto each = [&](auto count_of, auto item_of, const char* folder_name) {
      int count = 0;
      if (count_of(file.get(), &count, nullptr) != 1) return;
      for (int i = 0; i < count && !full_; ++i) {
        libpff_item_t* raw = nullptr;
        if (item_of(file.get(), i, &raw, nullptr) != 1) continue;
        const Item item(raw);
        const std::uint32_t id = id_of(item.get());
        if ((id & 0x1f) != 4 || met_.contains(id)) continue;
        top_message(item.get(), folder_name + ("/" + std::to_string(i + 1)), "yes");
      }
    };
    each(libpff_file_get_number_of_orphan_items, libpff_file_get_orphan_item_by_index, "Orphaned");
    each(libpff_file_get_number_of_recovered_items, libpff_file_get_recovered_item_by_index, "Recovered");
  }

  void top_message(libpff_item_t* item, const std::string& name, std::string_view recovered) {
    const std::uint32_t id = id_of(item);
    if (id != 0 && !met_.insert(id).second) return;
    PartInfo info{name, PartKind::message};
    info.order = order_++;
    ++given_;
    if (!sink_.begin_item(info)) {
      full_ = true;
      return;
    }
    if (!recovered.empty()) sink_.meta("x.recovered", recovered);
    message(item, 0);
    sink_.end_item();
  }

  void tell(std::string_view key, std::string_view value) {
    if (!base::trim(value).empty()) sink_.meta(key, base::trim(value));
  }

  void message(libpff_item_t* item, std::uint32_t depth) {
    std::string title = text_of(item, subject);
    if (title.size() >= 2 && title[0] == '\1') title.erase(0, 2);  // length of a prefix such as "Re: "
    tell("title", title);
    const std::string kind = text_of(item, message_class);
    tell("x.message_class", kind);
    tell_people(item);
    tell("date.sent", filetime_date(time_of(item, submit_time)));
    tell("date.received", filetime_date(time_of(item, delivery_time)));
    tell("date.created", filetime_date(time_of(item, creation_time)));
    tell("date.modified", filetime_date(time_of(item, modification_time)));
    const std::string all = text_of(item, headers);
    std::string id = text_of(item, message_id);
    if (id.empty()) id = header(all, "Message-ID");
    tell("message_id", bare_id(id));
    std::string reply = text_of(item, in_reply_to);
    if (reply.empty()) reply = header(all, "In-Reply-To");
    tell("in_reply_to", bare_id(reply));
    std::string chain = text_of(item, references);
    if (chain.empty()) chain = header(all, "References");
    std::erase_if(chain, [](char c) { return c == '<' || c == '>'; });
    tell("references", chain);
    tell("x.headers", all);
    tell("date.start",
         filetime_date(time_of(item, start) ? time_of(item, start) : time_of(item, task_start)));
    tell("date.end", filetime_date(time_of(item, end) ? time_of(item, end) : time_of(item, task_due)));
    tell("x.place", text_of(item, place));
    if (kind.starts_with("IPM.Contact") || kind.starts_with("IPM.DistList")) contact(item);
    body(item);
    attachments(item, depth);
  }

  static std::string person(std::string_view name, std::string_view address) {
    name = base::trim(name), address = base::trim(address);
    if (address.empty() || base::iequals_ascii(name, address))
      return std::string(name.empty() ? address : name);
    if (name.empty()) return std::string(address);
    return std::string(name) + " <" + std::string(address) + ">";
  }

  void tell_people(libpff_item_t* item) {
    const auto first = [&](std::initializer_list<Tag> tags) {
      for (const Tag tag : tags)
        if (std::string v = text_of(item, tag); !v.empty()) return v;
      return std::string();
    };
    const std::string name = first({representing_name, sender_name});
    const std::string from =
        person(name, first({representing_smtp, sender_smtp, representing_address, sender_address}));
    if (from != "Unknown") tell("from", from);  // what Outlook writes where nobody sent anything
    if (const std::string sender = first({sender_name}); !sender.empty() && sender != name)
      tell("x.sender", person(sender, first({sender_smtp, sender_address})));
    libpff_item_t* raw = nullptr;
    int count = 0;
    if (libpff_message_get_recipients(item, &raw, nullptr) == 1) {
      const Item table(raw);
      if (libpff_item_get_number_of_record_sets(table.get(), &count, nullptr) != 1) count = 0;
      for (int i = 0; i < std::min(count, 100'000); ++i) {
        const std::uint32_t role = number_of(table.get(), recipient_type, i) & 0xf;
        std::string to = text_of(table.get(), smtp_address, i);
        if (to.empty()) to = text_of(table.get(), address, i);
        tell(role == 2 ? "cc" : role == 3 ? "bcc" : "to", person(text_of(table.get(), display_name, i), to));
      }
    }
    if (count > 0) return;
    for (const auto& [tag, key] : {std::pair{display_to, "to"}, {display_cc, "cc"}, {display_bcc, "bcc"}})
      for (const std::string_view one : base::split(text_of(item, tag), ';')) tell(key, one);
  }

  void contact(libpff_item_t* item) {
    constexpr std::pair<Tag, const char*> kFields[] = {
        {display_name, "Name"},       {company, "Company"},       {job_title, "Title"},
        {contact_mail_1, "E-mail"},   {contact_mail_2, "E-mail"}, {mobile_phone, "Mobile"},
        {business_phone, "Business"}, {home_phone, "Home"},       {postal_address, "Address"},
    };
    for (const auto& [tag, label] : kFields)
      if (const std::string v = text_of(item, tag); !v.empty())
        sink_.text(std::string(label) + ": " + v + "\n");
  }

  void body(libpff_item_t* item) {
    const std::string plain = body_of(item, Body::plain, limits_.text_bytes_max);
    if (!base::trim(plain).empty()) {
      sink_.text(plain);
      return;
    }
    for (const auto& [which, type] : {std::pair{Body::html, "text/html"}, {Body::rtf, "application/rtf"}}) {
      const std::string bytes = body_of(item, which, limits_.text_bytes_max);
      const Reader* reader = reader_of(type);
      if (bytes.empty() || !reader) continue;
      MemorySource source(bytes);
      BodySink only_text(sink_);
      const base::Status s = reader->read(source, {"body", type, {}, false, limits_}, only_text);
      if (!s.ok()) sink_.finding(Reason::damaged, "the body of the message");
      return;
    }
  }

  void attachments(libpff_item_t* item, std::uint32_t depth) {
    int count = 0;
    if (libpff_message_get_number_of_attachments(item, &count, nullptr) != 1) {
      sink_.finding(Reason::damaged, "the list of attachments");
      return;
    }
    if (count <= 0) return;
    sink_.expect(static_cast<std::uint64_t>(count));
    for (int i = 0; i < count; ++i) {
      libpff_item_t* raw = nullptr;
      PartInfo info{"attachment " + std::to_string(i + 1), PartKind::attachment};
      info.order = static_cast<std::uint64_t>(i);
      if (libpff_message_get_attachment(item, i, &raw, nullptr) != 1) {
        sink_.lost_part(info, Reason::damaged, "the attachment cannot be read");
        continue;
      }
      const Item attachment(raw);
      if (!attached(attachment.get(), info, depth)) return;
    }
  }

  // False: no more parts are wanted.
  bool attached(libpff_item_t* attachment, PartInfo& info, std::uint32_t depth) {
    std::string name = text_of(attachment, attach_name);
    if (name.empty()) name = text_of(attachment, attach_short_name);
    if (name.empty()) name = text_of(attachment, display_name);
    if (!name.empty()) info.name = name;
    info.type = text_of(attachment, attach_type);
    info.modified = filetime_date(time_of(attachment, modification_time));
    int type = 0;
    libpff_attachment_get_type(attachment, &type, nullptr);
    if (type == LIBPFF_ATTACHMENT_TYPE_ITEM) {
      libpff_item_t* raw = nullptr;
      if (libpff_attachment_get_item(attachment, &raw, nullptr) != 1) {
        sink_.lost_part(info, Reason::damaged, "the attached message cannot be read");
        return true;
      }
      const Item inner(raw);
      info.kind = PartKind::message;
      if (depth + 1 >= limits_.depth_max) {
        sink_.lost_part(info, Reason::too_deep, "messages in messages");
        return true;
      }
      if (!sink_.begin_item(info)) return false;
      message(inner.get(), depth + 1);
      sink_.end_item();
      return true;
    }
    if (type != LIBPFF_ATTACHMENT_TYPE_DATA) {
      sink_.lost_part(info, type == LIBPFF_ATTACHMENT_TYPE_REFERENCE ? Reason::outside : Reason::damaged,
                      "a reference to a file elsewhere, or no data");
      return true;
    }
    return data(attachment, info);
  }

  bool data(libpff_item_t* attachment, const PartInfo& info) {
    size64_t size = 0;
    if (libpff_attachment_get_data_size(attachment, &size, nullptr) == -1) {
      sink_.lost_part(info, Reason::damaged, "the data cannot be read");
      return true;
    }
    if (!sink_.begin_part(info)) return false;
    libpff_attachment_data_seek_offset(attachment, 0, SEEK_SET, nullptr);
    std::vector<std::uint8_t> room(64 * 1024);
    std::uint64_t done = 0;
    while (done < size) {
      const ssize_t n = libpff_attachment_data_read_buffer(attachment, room.data(), room.size(), nullptr);
      if (n <= 0) {
        sink_.fail_part(Reason::damaged, "the data ends early");
        return true;
      }
      done += static_cast<std::uint64_t>(n);
      if (done > limits_.part_bytes_max ||
          !sink_.part_bytes({reinterpret_cast<const char*>(room.data()), static_cast<std::size_t>(n)}))
        break;
    }
    sink_.end_part();
    return true;
  }

  Source& source_;
  const Limits& limits_;
  Sink& sink_;
  std::unordered_set<std::uint32_t> met_, folders_;
  std::uint64_t order_ = 0, given_ = 0;
  bool full_ = false;
};

base::Status read_pst(Source& source, const Request& request, Sink& sink) {
  return Reading(source, request, sink).run();
}

}  // namespace

extern const Reader pst_reader;
const Reader pst_reader{{"libpff", LIBPFF_VERSION_STRING}, kPstTypes, read_pst};

}  // namespace extract
