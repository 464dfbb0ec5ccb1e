#include "cli/key/key_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/log.h"
#include "session/sessions.h"

namespace gatehouse::cli::key {
namespace {

bool is_key(std::string_view line) {
  line = trimmed(line);
  return !line.empty() && !line.starts_with('#');
}

Secret new_key() {
  constexpr std::size_t kKeyBytes = 32;
  std::string bytes = random_bytes(kKeyBytes);
  Secret key(base64url_encode(bytes));
  wipe(bytes);
  return key;
}

}  // namespace

Result<KeyFile> KeyFile::parse(const Secret& text) {
  KeyFile file;
  for (std::string_view rest = text.view(); !rest.empty();) {
    const auto end = rest.find('\n');
    file.lines_.push_back(Secret::copy_of(rest.substr(0, end)));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (auto good = file.look_again(); !good) return tl::unexpected(std::move(good.error()));
  return file;
}

/// Finds the keys among the lines.
Result<void> KeyFile::look_again() {
  const auto ring = session::KeyRing::parse(text());
  if (!ring) return tl::unexpected(ring.error());
  marks_ = ring->marks();
  keys_.clear();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (is_key(lines_[i].view())) keys_.push_back(i);
  }
  return {};
}

Result<std::size_t> KeyFile::find(std::string_view beginning_of_mark) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i].starts_with(beginning_of_mark)) found.push_back(i);
  }
  if (found.size() == 1) return found.front();
  return fail(Error::Kind::invalid,
              fmt::format("{} of {} keys: `gatehouse key list` shows their marks",
                          found.empty() ? fmt::format("{} is the mark of none",
                                                      log::quoted(beginning_of_mark))
                                        : fmt::format("the marks of {} begin with {}, out",
                                                      found.size(), log::quoted(beginning_of_mark)),
                          marks_.size()));
}

Result<void> KeyFile::add() {
  lines_.push_back(new_key());
  auto added = look_again();
  // A mark with a hyphen at its beginning would be taken for an option where it is typed.
  while (added && marks_.back().starts_with('-')) {
    lines_.back() = new_key();
    added = look_again();
  }
  return added;
}

Result<void> KeyFile::promote(std::size_t place) {
  const auto first = lines_.begin() + static_cast<std::ptrdiff_t>(keys_.front());
  const auto chosen = lines_.begin() + static_cast<std::ptrdiff_t>(keys_.at(place));
  std::rotate(first, chosen, chosen + 1);
  return look_again();
}

Result<void> KeyFile::remove(std::size_t place) {
  lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(keys_.at(place)));
  return look_again();
}

Secret KeyFile::text() const {
  std::size_t size = 0;
  for (const Secret& line : lines_) size += line.size() + 1;
  std::string text;
  text.reserve(size);  // a string that grows would leave copies of the keys behind
  for (const Secret& line : lines_) text.append(line.view()).append("\n");
  return Secret(std::move(text));
}

}  // namespace gatehouse::cli::key
