#include "password/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "base/log.h"
#include "config/forms.h"
#include "config/load.h"
#include "password/column_schemes.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kLongestKey = 1024;
constexpr std::size_t kMostKeys = 24;  // Moodle has 21; a failed login computes a hash for each

bool is_text(std::string_view bytes) noexcept {
  return std::none_of(bytes.begin(), bytes.end(), [](unsigned char c) {
    return c < ' ' && c != '\n' && c != '\r' && c != '\t';
  });
}

std::vector<Secret> lines_of(std::string_view text) {
  std::vector<Secret> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(Secret::copy_of(line));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

std::vector<Secret> copy_of(const std::vector<Secret>& keys) {
  std::vector<Secret> copies;
  copies.reserve(keys.size());
  for (const Secret& key : keys) copies.push_back(Secret::copy_of(key.view()));
  return copies;
}

Result<std::vector<Secret>> site_keys(const config::User& settings, KeyFiles& files) {
  if (settings.key_file.empty()) return std::vector<Secret>();
  auto keys = files.read(settings.key_file);
  if (keys) return keys;
  return fail(keys.error().kind, "user.key_file: " + keys.error().what);
}

/// Both must outlive it.
KeyReader key_reader(const config::User& settings, KeyFiles& files) {
  return [&settings, &files](std::string_view name) -> Result<std::vector<Secret>> {
    if (name == "key") {
      if (!settings.key_file.empty()) return files.read(settings.key_file);
      return fail(Error::Kind::invalid,
                  "needs a key: set user.key_file, or write the path of a "
                  "file with it in the parentheses");
    }
    const auto file = config::credential().read(name, settings.folder);
    if (!file) return tl::unexpected(file.error());
    return files.read(*file);
  };
}

Result<Transform> transform_of(const config::User& settings, KeyFiles& files) {
  auto transform = Transform::parse(settings.password_transform, key_reader(settings, files));
  if (transform) return transform;
  return fail(transform.error().kind, "user.password_transform: " + transform.error().what);
}

Result<ColumnSchemes> schemes_of(const config::User& settings, KeyFiles& files) {
  auto keys = site_keys(settings, files);
  if (!keys) return tl::unexpected(std::move(keys.error()));
  auto schemes = ColumnSchemes::parse(settings.scheme, std::move(*keys));
  if (schemes) return schemes;
  return fail(schemes.error().kind, "user.scheme: " + schemes.error().what);
}

}  // namespace

Result<std::vector<Secret>> keys_in(const Secret& bytes) {
  std::vector<Secret> keys;
  if (is_text(bytes.view())) {
    keys = lines_of(bytes.view());
  } else {
    keys.push_back(Secret::copy_of(bytes.view()));
  }
  if (keys.size() > kMostKeys) {
    return fail(Error::Kind::invalid,
                fmt::format("there are {} keys in it, one a line, and a login tries each: keep the "
                            "{} newest",
                            keys.size(), kMostKeys));
  }
  const bool too_long = std::any_of(keys.begin(), keys.end(),
                                    [](const Secret& key) { return key.size() > kLongestKey; });
  if (!keys.empty() && !too_long) return keys;
  return fail(Error::Kind::invalid,
              too_long ? "a key has more than 1024 bytes" : "there is no key in it");
}

Result<std::vector<Secret>> read_keys(const std::filesystem::path& file) {
  const auto bytes = config::read_secret_file(file);
  if (!bytes) return tl::unexpected(bytes.error());
  return keys_in(*bytes).map_error([&](const Error& error) {
    return Error{error.kind, fmt::format("{}: {}", file.string(), error.what)};
  });
}

Result<std::vector<Secret>> KeyFiles::read(const std::filesystem::path& file) {
  auto known = files_.find(file);
  if (known == files_.end()) {
    if (before_reading_) before_reading_(file);
    known = files_.emplace(file, read_keys(file)).first;
  }
  if (!known->second) return tl::unexpected(known->second.error());
  return copy_of(*known->second);
}

Secret KeyFiles::contents() const {
  std::size_t size = 0;
  const auto for_each = [&](const auto& use) {
    for (const auto& [file, keys] : files_) {
      use(file.native());
      if (!keys) continue;
      for (const Secret& key : *keys) use(key.view());
    }
  };
  for_each([&](std::string_view part) { size += part.size() + sizeof(size); });
  std::string all;
  all.reserve(size);  // a string that grows would leave copies of the keys behind
  for_each([&](std::string_view part) {
    const std::size_t length = part.size();
    std::array<char, sizeof(length)> bytes{};
    std::memcpy(bytes.data(), &length, bytes.size());
    all.append(bytes.data(), bytes.size()).append(part);
  });
  return Secret(std::move(all));
}

KeyReader key_reader(const config::User& settings) {
  return [&settings](std::string_view name) {
    KeyFiles files;
    return key_reader(settings, files)(name);
  };
}

Result<std::vector<Secret>> site_keys(const config::User& settings) {
  KeyFiles files;
  return site_keys(settings, files);
}

Result<Transform> transform_of(const config::User& settings) {
  KeyFiles files;
  return transform_of(settings, files);
}

Result<Site> site_of(const config::Settings& settings) {
  KeyFiles files;
  return site_of(settings, files);
}

Result<Site> site_of(const config::Settings& settings, KeyFiles& files) {
  auto policy = policy_of(settings.password);
  if (!policy) return tl::unexpected(std::move(policy.error()));
  auto transform = transform_of(settings.user, files);
  if (!transform) return tl::unexpected(std::move(transform.error()));
  auto schemes = schemes_of(settings.user, files);
  if (!schemes) return tl::unexpected(std::move(schemes.error()));
  policy->columns = std::make_shared<const ColumnSchemes>(std::move(*schemes));
  return Site{std::move(*policy), std::move(*transform)};
}

std::vector<WrongKey> wrong_keys(const config::Settings& settings) {
  KeyFiles files;
  return wrong_keys(settings, files);
}

std::vector<WrongKey> wrong_keys(const config::Settings& settings, KeyFiles& files) {
  std::vector<WrongKey> wrong = wrong_keys(settings.password);
  const auto add = [&](std::string_view key, const Error& error) {
    const std::string prefix = std::string(key) + ": ";
    const bool named = error.what.starts_with(prefix);
    wrong.push_back({key, named ? error.what.substr(prefix.size()) : error.what});
  };
  if (const auto keys = site_keys(settings.user, files); !keys) {
    add("user.key_file", keys.error());
    return wrong;
  }
  if (const auto transform = transform_of(settings.user, files); !transform) {
    add("user.password_transform", transform.error());
  }
  if (const auto schemes = schemes_of(settings.user, files); !schemes) {
    add("user.scheme", schemes.error());
  }
  if (!settings.user.scheme.empty() && settings.password.write != "same") {
    wrong.push_back({"password.write",
                     "does not go with user.scheme: the site's application reads hashes of that "
                     "scheme, and perhaps no others. Set it to \"same\"."});
  }
  return wrong;
}

}  // namespace gatehouse::password
