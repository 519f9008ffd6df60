// Sound and film through libavformat, which is given callbacks over a Source and may open nothing else.
// Streams are described, not decoded; pictures and files that the container carries are parts.
#include "tag_dates.h"
#include "media_input.h"
#include "photo.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

namespace extract {
namespace {

constexpr std::string_view kMediaTypes[] = {
    "audio/mpeg",     "audio/wav",       "audio/ogg",       "audio/flac",
    "audio/aac",      "audio/aiff",      "audio/mp4",       "audio/amr",
    "audio/ac3",      "audio/basic",     "audio/x-ape",     "audio/x-musepack",
    "audio/x-dsf",    "audio/x-dff",     "audio/x-wavpack", "audio/x-tta",
    "audio/x-ms-wma", "audio/x-tak",     "audio/x-caf",     "audio/opus",
    "video/mp4",      "video/quicktime", "video/3gpp",      "video/x-matroska",
    "video/webm",     "video/x-msvideo", "video/ogg",       "video/x-flv",
    "video/x-ms-asf", "video/mpeg",      "video/mp2t",      "application/vnd.rn-realmedia",
};
// "+48.8577+002.295+035/" of ISO 6709: degrees with a decimal point, or with minutes and seconds run
// together.
bool iso6709(std::string_view s, double& latitude, double& longitude, std::optional<double>& altitude) {
  std::vector<double> found;
  for (std::size_t i = 0; i < s.size() && found.size() < 3;) {
    if (s[i] != '+' && s[i] != '-') return !found.empty() && found.size() >= 2;
    std::size_t end = i + 1;
    while (end < s.size() && ((s[end] >= '0' && s[end] <= '9') || s[end] == '.')) ++end;
    const std::string number(s.substr(i + 1, end - i - 1));
    const std::size_t whole = std::min(number.find('.'), number.size());
    const std::size_t degree_digits = found.empty() ? 2 : 3;
    double v = std::strtod(number.c_str(), nullptr);
    if (found.size() < 2 && whole >= degree_digits + 2) {
      v = std::strtod(number.substr(0, degree_digits).c_str(), nullptr);
      const std::string rest = number.substr(degree_digits);
      if (whole >= degree_digits + 4)
        v += std::strtod(rest.substr(0, 2).c_str(), nullptr) / 60 +
             std::strtod(rest.substr(2).c_str(), nullptr) / 3600;
      else
        v += std::strtod(rest.c_str(), nullptr) / 60;
    }
    found.push_back(s[i] == '-' ? -v : v);
    i = end;
    if (i < s.size() && s[i] == '/') break;
  }
  if (found.size() < 2) return false;
  latitude = found[0], longitude = found[1];
  if (found.size() > 2) altitude = found[2];
  return true;
}

std::string decimal(double v) {
  std::array<char, 48> room;
  const int n = std::snprintf(room.data(), room.size(), "%.3f", v);
  return {room.data(), static_cast<std::size_t>(n)};
}

class Reading {
 public:
  Reading(Source& source, const Request& request, Sink& sink)
      : source_(source), input_(source), request_(request), sink_(sink) {}

  base::Status run() {
    if (const char* cut = truncated(); cut) sink_.finding(Reason::truncated, cut);
    const int opened = input_.open(request_.name);
    if (opened < 0) {
      std::array<char, 128> room{};
      av_strerror(opened, room.data(), room.size());
      sink_.finding(opened == AVERROR_DEMUXER_NOT_FOUND ? Reason::unsupported : Reason::damaged, room.data());
      return base::Done{};
    }
    format_ = &input_.format();
    if (needs_probing()) input_.probe();
    tell_streams();
    tell_tags(format_->metadata);
    for (unsigned i = 0; i < format_->nb_streams; ++i) tell_tags(format_->streams[i]->metadata);
    for (unsigned i = 0; i < std::min(format_->nb_chapters, 10'000u); ++i)
      if (const AVDictionaryEntry* t = av_dict_get(format_->chapters[i]->metadata, "title", nullptr, 0))
        if (!sink_.text(std::string(t->value) + "\n")) break;
    give_carried();
    return base::Done{};
  }

 private:
  bool needs_probing() const {
    if (format_->duration <= 0 || format_->nb_streams == 0) return true;
    for (unsigned i = 0; i < format_->nb_streams; ++i)
      if (format_->streams[i]->codecpar->codec_id == AV_CODEC_ID_NONE) return true;
    return false;
  }

  void tell_streams() {
    sink_.meta("x.container", format_->iformat->name);
    if (format_->duration > 0)
      sink_.meta("duration", decimal(static_cast<double>(format_->duration) / AV_TIME_BASE));
    if (format_->bit_rate > 0) sink_.meta("x.bit_rate", std::to_string(format_->bit_rate));
    bool sized = false;
    unsigned subtitles = 0;
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      const AVStream& stream = *format_->streams[i];
      const AVCodecParameters& p = *stream.codecpar;
      if (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) continue;
      subtitles += p.codec_type == AVMEDIA_TYPE_SUBTITLE;
      if (p.codec_type == AVMEDIA_TYPE_VIDEO) {
        sink_.meta("x.video_codec", avcodec_get_name(p.codec_id));
        if (p.width > 0 && p.height > 0 && !std::exchange(sized, true)) {
          sink_.meta("width", std::to_string(p.width));
          sink_.meta("height", std::to_string(p.height));
        }
        if (stream.avg_frame_rate.den > 0 && stream.avg_frame_rate.num > 0)
          sink_.meta("x.frame_rate", decimal(av_q2d(stream.avg_frame_rate)));
      } else if (p.codec_type == AVMEDIA_TYPE_AUDIO) {
        sink_.meta("x.audio_codec", avcodec_get_name(p.codec_id));
        if (p.sample_rate > 0) sink_.meta("x.sample_rate", std::to_string(p.sample_rate));
      }
    }
    if (subtitles) sink_.meta("x.subtitles", std::to_string(subtitles));
  }

  void tell_tags(AVDictionary* tags) {
    const AVDictionaryEntry* tag = nullptr;
    while ((tag = av_dict_get(tags, "", tag, AV_DICT_IGNORE_SUFFIX)) && told_ < 2000) {
      ++told_;
      tell_tag(base::lower_ascii(tag->key), base::trim(tag->value));
    }
  }

  void tell_tag(const std::string& key, std::string_view value) {
    if (value.empty()) return;
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return std::find(names.begin(), names.end(), key) != names.end();
    };
    if (is({"title"})) return sink_.meta("title", value);
    if (is({"artist", "author", "performer", "com.apple.quicktime.author", "composer", "album_artist"}))
      return sink_.meta("author", value);
    if (is({"comment", "description", "synopsis", "com.apple.quicktime.description"}))
      return sink_.meta("comment", value);
    if (key.starts_with("lyrics")) return static_cast<void>(sink_.text(std::string(value) + "\n"));
    if (is({"encoder", "encoded_by", "com.apple.quicktime.software"})) return sink_.meta("software", value);
    if (is({"keywords"})) return sink_.meta("keywords", value);
    if (is({"genre"})) return sink_.meta("category", value);
    if (is({"language"})) return value == "und" ? void() : sink_.meta("x.language", value);
    if (is({"com.apple.quicktime.make", "com.apple.quicktime.model", "make", "model"}))
      return sink_.meta("camera", value);
    if (is({"date", "year", "creation_time", "com.apple.quicktime.creationdate", "date_recorded"})) {
      if (const std::string at = loose_date(value); !at.empty()) {
        const bool camera = key == "com.apple.quicktime.creationdate";
        return sink_.meta(camera ? "date.taken" : "date.created", at);
      }
    }
    if (key.starts_with("location") || key == "com.apple.quicktime.location.iso6709" || key == "gps") {
      double latitude = 0, longitude = 0;
      std::optional<double> altitude;
      if (iso6709(value, latitude, longitude, altitude)) {
        if (std::exchange(place_, true)) return;
        return tell_location(latitude, longitude, altitude ? &*altitude : nullptr, sink_);
      }
    }
    sink_.meta("x.tag." + key.substr(0, 100), base::cut(value, 64 * 1024));
  }

  // Cover pictures, and files attached to Matroska.
  void give_carried() {
    std::uint64_t given = 0;
    bool full = false;
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      const AVStream& stream = *format_->streams[i];
      const bool cover = stream.disposition & AV_DISPOSITION_ATTACHED_PIC;
      const bool file = stream.codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT;
      if (!cover && !file) continue;
      PartInfo info;
      info.order = given++;
      const AVDictionaryEntry* name = av_dict_get(stream.metadata, "filename", nullptr, 0);
      info.name = name ? name->value : "cover " + std::to_string(given);
      const AVDictionaryEntry* type = av_dict_get(stream.metadata, "mimetype", nullptr, 0);
      if (type) info.type = type->value;
      std::string_view bytes;
      if (cover && stream.attached_pic.data)
        bytes = {reinterpret_cast<const char*>(stream.attached_pic.data),
                 static_cast<std::size_t>(std::max(stream.attached_pic.size, 0))};
      else if (stream.codecpar->extradata)
        bytes = {reinterpret_cast<const char*>(stream.codecpar->extradata),
                 static_cast<std::size_t>(std::max(stream.codecpar->extradata_size, 0))};
      if (full) continue;
      if (bytes.empty()) {
        sink_.lost_part(info, Reason::damaged, "no bytes of it could be read");
        continue;
      }
      if (!sink_.begin_part(info)) {
        full = true;
        continue;
      }
      for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 64 * 1024)))
        if (!sink_.part_bytes(bytes.substr(0, 64 * 1024))) break;
      sink_.end_part();
    }
    if (given) sink_.expect(given);
  }

  // Whether the container's own sizes reach beyond the end.
  const char* truncated() {
    const std::uint64_t size = source_.size();
    std::string head(source_.read(0, 16));
    if (head.size() == 16 && head.starts_with("RIFF")) {
      const std::uint64_t says = base::load_le<std::uint32_t>(head.data() + 4);
      return says > 8 && says != 0xffffffff && says + 8 > size + 1 ? "shorter than its header says" : nullptr;
    }
    if (head.size() < 8 || head.compare(4, 4, "ftyp") != 0) return nullptr;
    std::uint64_t at = 0;
    for (int boxes = 0; boxes < 100'000 && at + 8 <= size; ++boxes) {
      head.assign(source_.read(at, 16));
      std::uint64_t n = base::load_be<std::uint32_t>(head.data());
      if (n == 0) return nullptr;
      if (n == 1 && head.size() == 16) n = base::load_be<std::uint64_t>(head.data() + 8);
      if (n < 8) return nullptr;
      if (n > size - at) return "a box ends beyond the file";
      at += n;
    }
    return nullptr;
  }

  Source& source_;
  MediaInput input_;
  const Request& request_;
  Sink& sink_;
  AVFormatContext* format_ = nullptr;
  unsigned told_ = 0;
  bool place_ = false;
};

base::Status read_media(Source& source, const Request& request, Sink& sink) {
  return Reading(source, request, sink).run();
}

}  // namespace

extern const Reader media_reader;
const Reader media_reader{{"libavformat", AV_STRINGIFY(LIBAVFORMAT_VERSION)}, kMediaTypes, read_media};

}  // namespace extract
