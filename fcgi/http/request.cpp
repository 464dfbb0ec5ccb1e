#include "http/request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::http {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 6> kMethods = {{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
}};

/// Compares names of parameters. Many of them are equally long and begin alike (HTTP_COOKIE,
/// HTTP_ACCEPT); their last letters tell most of them apart without a call of memcmp.
bool same_name(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  return left.empty() || (left.back() == right.back() && left == right);
}

/// One of 64 bits by the length and the last letter. Names of other bits differ, so that most of
/// the names of a request need not be compared with all before them.
std::uint64_t mark_of(std::string_view name) noexcept {
  const auto last = name.empty() ? 0U : static_cast<unsigned char>(name.back());
  return std::uint64_t{1} << ((name.size() * 7 + last) % 64U);
}

}  // namespace

Method parse_method(std::string_view text) noexcept {
  const auto* const found = std::find_if(kMethods.begin(), kMethods.end(),
                                         [&](const auto& row) { return row.first == text; });
  return found == kMethods.end() ? Method::other : found->second;
}

std::string_view to_string(Method method) noexcept {
  const auto* const found = std::find_if(kMethods.begin(), kMethods.end(),
                                         [&](const auto& row) { return row.second == method; });
  return found == kMethods.end() ? "other" : found->first;
}

Params::Params(std::size_t bytes) {
  constexpr std::size_t kUsualCount = 32;
  bytes_.reserve(bytes);
  entries_.reserve(kUsualCount);
}

Params::~Params() {
  wipe(std::span(bytes_));  // without the rest of its capacity: that would be slow
}

void Params::add(std::string_view name, std::string_view value) {
  const std::uint64_t mark = mark_of(name);
  Entry* const present = (marks_ & mark) != 0 ? find(name) : nullptr;
  marks_ |= mark;
  if (present == nullptr) {
    const Span name_span = append(name);
    entries_.push_back({name_span, append(value)});
  } else if (name == "HTTP_COOKIE") {
    std::string joined;
    joined.reserve(present->value.size + 2 + value.size());  // growing would leave a copy behind
    joined.append(text(present->value)).append("; ").append(value);
    const Secret wiped(std::move(joined));
    present->value = append(wiped.view());
  } else {
    contradictory_ = contradictory_ || name.starts_with("GATEHOUSE_");
    present->value = append(value);
  }
}

std::string_view Params::get(std::string_view name) const noexcept {
  if ((marks_ & mark_of(name)) == 0) return {};
  for (const auto& entry : entries_) {
    if (same_name(text(entry.name), name)) return text(entry.value);
  }
  return {};
}

Params::Span Params::append(std::string_view added) {
  const std::size_t offset = bytes_.size();
  // The string's own growth would leave a copy behind.
  if (bytes_.capacity() - offset < added.size()) {
    std::string larger;
    larger.reserve(2 * (offset + added.size()));
    larger = bytes_;
    wipe(std::span(bytes_));
    bytes_ = std::move(larger);
  }
  bytes_ += added;
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(added.size())};
}

Params::Entry* Params::find(std::string_view name) noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return same_name(text(entry.name), name);
  });
  return found == entries_.end() ? nullptr : &*found;
}

Request::Request(Params params, Secret body)
    : params_(std::move(params)),
      body_(std::move(body)),
      method_(parse_method(params_.get("REQUEST_METHOD"))),
      transport_(equal_ignoring_case(params_.get("HTTPS"), "on") ? Transport::tls
                                                                 : Transport::plain) {}

std::string_view Request::path() const noexcept {
  const std::string_view path_info = param("PATH_INFO");
  return path_info.empty() ? param("DOCUMENT_URI") : path_info;
}

bool Request::internal() const noexcept {
  return param("GATEHOUSE_INTERNAL") == "1";
}

bool Request::body_complete() const noexcept {
  const std::string_view text = param("CONTENT_LENGTH");
  if (text.empty()) return true;
  std::size_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, length);
  return error == std::errc() && rest == end && length == body_.size();
}

}  // namespace gatehouse::http
