/// What the settings say of the site's passwords, with the key files that they name.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "password/policy.h"
#include "password/transform.h"

namespace gatehouse::password {

/// The keys in a file of user.key_file or of a step: each line is one, the newest first. A file
/// with other control characters than line ends is one key of bytes. Errors as
/// config::read_secret_file(); `invalid` where there is none, there are more than 16, or one is
/// longer than 1,024 bytes.
[[nodiscard]] Result<std::vector<Secret>> read_keys(const std::filesystem::path& file);
/// The keys in such a text.
[[nodiscard]] Result<std::vector<Secret>> keys_in(const Secret& bytes);

/// The key files that settings name, each read once, so that all that is made of a file is made of
/// the same bytes. Not thread-safe.
class KeyFiles {
 public:
  /// `before_reading` is told of each file before it is read, also of one that cannot be.
  explicit KeyFiles(std::function<void(const std::filesystem::path&)> before_reading = {})
      : before_reading_(std::move(before_reading)) {}

  /// The keys in the file, as read_keys() gave them the first time.
  [[nodiscard]] Result<std::vector<Secret>> read(const std::filesystem::path& file);
  /// All paths and keys in one text: equal where the same files say the same.
  [[nodiscard]] Secret contents() const;

 private:
  std::function<void(const std::filesystem::path&)> before_reading_;
  std::map<std::filesystem::path, Result<std::vector<Secret>>> files_{};
};

/// The keys of user.key_file; none if it is not set.
[[nodiscard]] Result<std::vector<Secret>> site_keys(const config::User& settings);
/// Reads the keys that steps name: `key` is user.key_file, anything else a path, seen from the
/// folder of the configuration. `settings` must outlive it.
[[nodiscard]] KeyReader key_reader(const config::User& settings);
/// The steps of user.password_transform. The error begins with the key.
[[nodiscard]] Result<Transform> transform_of(const config::User& settings);

/// The policy and the transform of the site. The policy has the schemes of user.scheme. The error
/// begins with the key.
struct Site {
  Policy policy{};
  Transform transform{};
};
[[nodiscard]] Result<Site> site_of(const config::Settings& settings);
[[nodiscard]] Result<Site> site_of(const config::Settings& settings, KeyFiles& files);

/// One for each key of the section [user] whose value cannot be meant.
[[nodiscard]] std::vector<WrongKey> wrong_keys(const config::Settings& settings);
[[nodiscard]] std::vector<WrongKey> wrong_keys(const config::Settings& settings, KeyFiles& files);

}  // namespace gatehouse::password
