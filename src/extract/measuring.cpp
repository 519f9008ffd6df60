// How loud a sound is over time: its first stream of sound is decoded, and of each fiftieth of a second the
// loudest sample is kept.
#include "media_input.h"

#include <extract/show.h>

#include <algorithm>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/samplefmt.h>
}

namespace extract {

extern const Reader media_reader;

namespace {

struct CodecCloser {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
};
struct PacketCloser {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
struct FrameCloser {
  void operator()(AVFrame* f) const { av_frame_free(&f); }
};

// A sample between 0 (silence) and 1.
float loudness(AVSampleFormat format, const std::uint8_t* at) {
  const auto load = [at]<class T>(T v) {
    std::memcpy(&v, at, sizeof v);
    return v;
  };
  float v = 0;
  switch (format) {
    case AV_SAMPLE_FMT_U8: v = (static_cast<float>(*at) - 128) / 128; break;
    case AV_SAMPLE_FMT_S16: v = static_cast<float>(load(std::int16_t{})) / 32768; break;
    case AV_SAMPLE_FMT_S32: v = static_cast<float>(load(std::int32_t{})) / 2147483648.0f; break;
    case AV_SAMPLE_FMT_S64: v = static_cast<float>(load(std::int64_t{})) / 9223372036854775808.0f; break;
    case AV_SAMPLE_FMT_FLT: v = load(float{}); break;
    case AV_SAMPLE_FMT_DBL: v = static_cast<float>(load(double{})); break;
    default: break;
  }
  v = std::abs(v);
  return v <= 1 ? v : std::isfinite(v) ? 1.0f : 0.0f;
}

class Peaks {
 public:
  // False: more than is kept.
  bool add(const AVFrame& frame) {
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const AVSampleFormat packed = av_get_packed_sample_fmt(format);
    const int bytes = av_get_bytes_per_sample(format), channels = frame.ch_layout.nb_channels;
    if (bytes <= 0 || channels <= 0 || frame.sample_rate <= 0) return true;
    const bool planar = av_sample_fmt_is_planar(format);
    for (int i = 0; i < frame.nb_samples; ++i) {
      for (int c = 0; c < channels; ++c) {
        const std::uint8_t* plane = planar ? frame.extended_data[c] : frame.extended_data[0];
        if (!plane) continue;
        const std::ptrdiff_t at = planar ? i : static_cast<std::ptrdiff_t>(i) * channels + c;
        loudest_ = std::max(loudest_, loudness(packed, plane + at * bytes));
      }
      place_ += kPeaksASecond;
      if (place_ >= static_cast<unsigned>(frame.sample_rate)) {
        place_ -= static_cast<unsigned>(frame.sample_rate);
        close();
      }
    }
    return out_.size() < kPeaksMax;
  }
  void close() {
    out_ += static_cast<char>(std::lround(loudest_ * 255));
    loudest_ = 0;
  }
  const std::string& bytes() const { return out_; }

 private:
  std::string out_;
  float loudest_ = 0;
  unsigned place_ = 0;  // in samples times the peaks of a second
};

base::Error without_sound(const char* why) { return {base::Refusal::unsupported, why}; }

}  // namespace

base::Status measure(Source& source, const Request& request, Sink& sink) {
  if (reader_of(request.type) != &media_reader)
    return without_sound("there is no sound in a file of this type");
  MediaInput input(source);
  if (input.open(request.name) < 0)
    return base::Error{base::Refusal::damaged, "the container of the sound cannot be read"};
  input.probe();
  AVFormatContext& format = input.format();
  const AVCodec* codec = nullptr;
  const int stream = av_find_best_stream(&format, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0);
  if (stream < 0 || !codec) return without_sound("there is no sound in it that can be decoded");
  for (unsigned i = 0; i < format.nb_streams; ++i)
    if (static_cast<int>(i) != stream) format.streams[i]->discard = AVDISCARD_ALL;
  const std::unique_ptr<AVCodecContext, CodecCloser> context(avcodec_alloc_context3(codec));
  const std::unique_ptr<AVPacket, PacketCloser> packet(av_packet_alloc());
  const std::unique_ptr<AVFrame, FrameCloser> frame(av_frame_alloc());
  if (!context || !packet || !frame) return base::Error{base::Refusal::exhausted, "memory"};
  context->thread_count = 1;
  if (avcodec_parameters_to_context(context.get(), format.streams[stream]->codecpar) < 0 ||
      avcodec_open2(context.get(), codec, nullptr) < 0)
    return without_sound("the sound cannot be decoded");
  Peaks peaks;
  bool more = true;
  const auto drain = [&] {
    while (more && avcodec_receive_frame(context.get(), frame.get()) == 0) {
      more = peaks.add(*frame);
      av_frame_unref(frame.get());
    }
  };
  while (more && av_read_frame(&format, packet.get()) == 0) {
    if (packet->stream_index == stream && avcodec_send_packet(context.get(), packet.get()) == 0) drain();
    av_packet_unref(packet.get());
  }
  if (avcodec_send_packet(context.get(), nullptr) == 0) drain();
  if (peaks.bytes().empty()) return without_sound("no sound could be decoded");
  sink.derived(kPeaks, peaks.bytes());
  return base::Done{};
}

}  // namespace extract
