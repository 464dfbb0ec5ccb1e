#include "session/keys/key_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/crypto.h"
#include "base/encoding.h"
#include "config/load.h"

namespace gatehouse::session {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMostKeys = 16;

Result<Secret> parse_key(std::string_view line, std::size_t line_number) {
  auto bytes = base64url_decode(line);
  if (bytes && bytes->size() == kKeyBytes) return Secret(std::move(*bytes));
  if (bytes) wipe(*bytes);
  return fail(
      Error::Kind::invalid,
      fmt::format("line {} is not a key: a key has 43 characters of base64url", line_number));
}

}  // namespace

Result<KeyRing> KeyRing::parse(const Secret& text) {
  std::vector<Secret> masters;
  std::string_view rest = text.view();
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trimmed(line);
    if (line.empty() || line.starts_with('#')) continue;
    auto key = parse_key(line, number);
    if (!key) return tl::unexpected(key.error());
    const bool known = std::any_of(masters.begin(), masters.end(), [&](const Secret& master) {
      return master.equals(key->view());
    });
    if (known)
      return fail(
          Error::Kind::invalid,
          fmt::format("line {} has the same key as a line before it: remove one of them", number));
    masters.push_back(std::move(*key));
  }
  if (masters.empty())
    return fail(
        Error::Kind::invalid,
        "there is no key in the file: remove it, and `gatehouse init --key` makes a new one");
  if (masters.size() > kMostKeys)
    return fail(Error::Kind::invalid, "there are more than 16 keys: remove the oldest");
  return KeyRing(std::move(masters));
}

Result<KeyRing> KeyRing::load(const std::filesystem::path& file) {
  return config::read_secret_file(file).and_then(&KeyRing::parse).map_error([&](Error error) {
    if (!error.what.starts_with(file.string())) {
      error.what = fmt::format("{}: {}", file.string(), error.what);
    }
    if (std::error_code ignored; !std::filesystem::exists(file, ignored) && !ignored) {
      error.what += "; `gatehouse init --key` makes this file";
    }
    return error;
  });
}

std::vector<Secret> KeyRing::derive(std::string_view purpose) const {
  const std::string info = fmt::format("gatehouse {} v1", purpose);
  std::vector<Secret> subkeys;
  for (const Secret& master : masters_) subkeys.push_back(hkdf_sha256(master, info, kKeyBytes));
  return subkeys;
}

std::vector<std::string> KeyRing::marks() const {
  constexpr std::size_t kBytes = 16;
  std::vector<std::string> all;
  for (const Secret& subkey : derive("mark")) {
    all.push_back(base64url_encode(subkey.view().substr(0, kBytes)));
  }
  return all;
}

}  // namespace gatehouse::session
