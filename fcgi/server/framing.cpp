#include "server/framing.h"

#include <algorithm>
#include <array>

namespace gatehouse::server {
namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kBeginBodyBytes = 8;

constexpr std::uint16_t big_endian(unsigned char high, unsigned char low) noexcept {
  return static_cast<std::uint16_t>((high << 8U) | low);
}

enum class RecordType : std::uint8_t { begin_request = 1, params = 4, standard_input = 5 };

struct Header {
  std::uint8_t version;
  std::uint8_t type;
  std::uint16_t request_id;
  std::size_t content_bytes;
  std::size_t padding_bytes;

  explicit Header(Bytes bytes) noexcept
      : version(bytes[0]),
        type(bytes[1]),
        request_id(big_endian(bytes[2], bytes[3])),
        content_bytes(big_endian(bytes[4], bytes[5])),
        padding_bytes(bytes[6]) {}
  [[nodiscard]] bool is(RecordType wanted) const noexcept {
    return type == static_cast<std::uint8_t>(wanted);
  }
};

/// Follows the name-value pairs (§3.4) over the PARAMS records, which may cut a pair anywhere.
class PairWalk {
 public:
  /// False where a length fits no request.
  bool add(Bytes content) noexcept {
    while (!content.empty()) {
      const std::size_t skipped = std::min(skip_, content.size());
      skip_ -= skipped;
      content = content.subspan(skipped);
      if (content.empty()) break;
      if (!add_length_byte(content.front())) return false;
      content = content.subspan(1);
    }
    return true;
  }
  [[nodiscard]] bool between_pairs() const noexcept {
    return skip_ == 0 && length_bytes_ == 0 && lengths_known_ == 0;
  }

 private:
  /// Takes a byte of the name's length, then of the value's. A length has one byte, or four if the
  /// first has its highest bit set.
  bool add_length_byte(unsigned char byte) noexcept {
    if (length_bytes_ == 0) {
      length_bytes_ = byte < 0x80 ? 1 : 4;
      length_ = byte & 0x7fU;
    } else {
      length_ = (length_ << 8U) | byte;
    }
    if (--length_bytes_ > 0) return true;
    if (length_ > kMaxRequestBytes) return false;
    pair_bytes_ += length_;
    if (++lengths_known_ == 2) {
      skip_ = pair_bytes_;
      pair_bytes_ = 0;
      lengths_known_ = 0;
    }
    return true;
  }

  std::size_t skip_ = 0;           // of the pair's name and value
  std::size_t length_ = 0;         // so far
  std::size_t length_bytes_ = 0;   // still to come
  std::size_t lengths_known_ = 0;  // of the two
  std::size_t pair_bytes_ = 0;
};

/// The order of the records of one request.
class RequestWalk {
 public:
  /// Says whether a record with this header may come now.
  [[nodiscard]] bool expects(const Header& header) const noexcept {
    constexpr std::uint8_t kVersion = 1;
    if (header.version != kVersion || header.request_id == 0) return false;
    if (stage_ != Stage::begin && header.request_id != id_) return false;
    // nginx pads only where there is content, so that libfcgi never gets to see anything else.
    const bool padded = header.padding_bytes > 0;
    if (padded && (stage_ == Stage::begin || header.content_bytes == 0)) return false;
    switch (stage_) {
      case Stage::begin:
        return header.is(RecordType::begin_request) && header.content_bytes == kBeginBodyBytes;
      case Stage::params:
        return header.is(RecordType::params);
      case Stage::body:
        return header.is(RecordType::standard_input);
      case Stage::done:
        return false;
    }
    return false;
  }

  /// Takes an expected record with its whole content; false if the content is malformed.
  bool add(const Header& header, Bytes content) noexcept {
    switch (stage_) {
      case Stage::begin:
        return begin(header, content);
      case Stage::params:
        return params(content);
      case Stage::body:
        if (content.empty()) stage_ = Stage::done;
        return true;
      case Stage::done:
        return false;
    }
    return false;
  }

  [[nodiscard]] bool in_body() const noexcept { return stage_ == Stage::body; }
  [[nodiscard]] bool done() const noexcept { return stage_ == Stage::done; }
  [[nodiscard]] std::uint16_t id() const noexcept { return id_; }

 private:
  enum class Stage : std::uint8_t { begin, params, body, done };

  bool begin(const Header& header, Bytes content) noexcept {
    constexpr std::uint16_t kResponder = 1;
    id_ = header.request_id;
    stage_ = Stage::params;
    return big_endian(content[0], content[1]) == kResponder;
  }

  bool params(Bytes content) noexcept {
    if (!content.empty()) return pairs_.add(content);
    stage_ = Stage::body;
    return pairs_.between_pairs();
  }

  Stage stage_ = Stage::begin;
  std::uint16_t id_ = 0;
  PairWalk pairs_;
};

}  // namespace

Framing check_framing(Bytes bytes) noexcept {
  using State = Framing::State;
  const bool full = bytes.size() >= kMaxRequestBytes;
  RequestWalk walk;
  while (!walk.done()) {
    // Garbage is refused at its first byte: to wait for a whole header would keep it for 5 s.
    if (!bytes.empty() && bytes.front() != 1) return {State::malformed};
    if (bytes.size() < kHeaderBytes) break;
    const Header header(bytes);
    if (!walk.expects(header)) return {State::malformed};
    const std::size_t size = kHeaderBytes + header.content_bytes + header.padding_bytes;
    if (bytes.size() < size) break;
    if (!walk.add(header, bytes.subspan(kHeaderBytes, header.content_bytes))) {
      return {State::malformed};
    }
    bytes = bytes.subspan(size);
  }
  if (walk.done()) return {bytes.empty() ? State::complete : State::malformed, walk.id()};
  if (!full) return {State::incomplete};
  return walk.in_body() ? Framing{State::oversized, walk.id()} : Framing{State::malformed};
}

}  // namespace gatehouse::server
