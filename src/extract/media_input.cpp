#include "media_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

namespace extract {
namespace {

// Demuxers that read one file and refer to no other.
constexpr const char* kDemuxers =
    "aac,ac3,aiff,amr,ape,asf,asf_o,au,avi,caf,dsf,dts,eac3,flac,flv,iff,matroska,webm,mov,mp4,m4a,3gp,3g2,"
    "mj2,mp3,mpc,"
    "mpc8,mpeg,mpegts,mpegvideo,ogg,rm,tak,tta,w64,wav,wv,m4v,h264,hevc";

int refuse(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EACCES); }

}  // namespace

MediaInput::~MediaInput() {
  if (format_) avformat_close_input(&format_);
  if (io_) {
    av_freep(&io_->buffer);
    avio_context_free(&io_);
  }
}

int MediaInput::read_packet(void* self, std::uint8_t* to, int n) {
  auto& in = *static_cast<MediaInput*>(self);
  const std::string_view got = in.source_.read(in.at_, static_cast<std::size_t>(std::max(n, 0)));
  if (got.empty()) return AVERROR_EOF;
  std::memcpy(to, got.data(), got.size());
  in.at_ += got.size();
  return static_cast<int>(got.size());
}

std::int64_t MediaInput::seek(void* self, std::int64_t offset, int whence) {
  auto& in = *static_cast<MediaInput*>(self);
  const auto size = static_cast<std::int64_t>(in.source_.size());
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return size;
  const std::int64_t from = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? static_cast<std::int64_t>(in.at_)
                                                 : size;
  std::int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to) || to < 0) return AVERROR(EINVAL);
  in.at_ = static_cast<std::uint64_t>(to);
  return to;
}

int MediaInput::open(std::string_view name) {
  av_log_set_level(AV_LOG_QUIET);
  constexpr int kRoom = 64 * 1024;
  auto* room = static_cast<unsigned char*>(av_malloc(kRoom));
  if (!room) return AVERROR(ENOMEM);
  io_ = avio_alloc_context(room, kRoom, 0, this, read_packet, nullptr, seek);
  if (!io_) {
    av_free(room);
    return AVERROR(ENOMEM);
  }
  format_ = avformat_alloc_context();
  if (!format_) return AVERROR(ENOMEM);
  format_->pb = io_;
  format_->io_open = refuse;
  format_->format_whitelist = av_strdup(kDemuxers);
  format_->protocol_whitelist = av_strdup("none");
  format_->probesize = 2 << 20;
  format_->max_analyze_duration = 2 * AV_TIME_BASE;
  format_->max_streams = 200;
  format_->flags |= AVFMT_FLAG_CUSTOM_IO;
  return avformat_open_input(&format_, std::string(name).c_str(), nullptr, nullptr);
}

void MediaInput::probe() {
  std::vector<AVDictionary*> options(format_->nb_streams, nullptr);
  for (AVDictionary*& o : options) av_dict_set(&o, "threads", "1", 0);
  avformat_find_stream_info(format_, options.empty() ? nullptr : options.data());
  for (AVDictionary*& o : options) av_dict_free(&o);
}

}  // namespace extract
