/// Writes the lines for Gatehouse into the text of a site's file.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "nginx/site.h"

namespace gatehouse::cli::init {

/// Where a block stands in the text of its file.
struct Block {
  std::size_t begin = 0;  ///< the first letter of the directive's name
  std::size_t open = 0;   ///< behind its `{`
  std::size_t close = 0;  ///< its `}`
};
/// The block of the directive `name` that begins in that line. Nothing if there is none.
[[nodiscard]] std::optional<Block> block_at(std::string_view text, std::string_view name, int line);

/// What is to be in the server.
struct SiteLines {
  std::string mount;    ///< the name of mount.conf, for `include`
  std::string protect;  ///< a path, "/" for the whole server, or "" for none
};

/// The path as an option; `invalid` if nginx could take it for something else than one prefix.
[[nodiscard]] Result<void> check_protected_path(const std::string& path);

/// What is on the disk.
struct Disk {
  /// Reads a file that nginx includes.
  std::function<std::optional<std::string>(const std::string& file)> read;
  std::function<bool(const std::string& path)> has_folder;
};

/// The text of the server's file with these lines in the server, where they are not there. The
/// place is protected by a location of its own, `^~`, which gets what the location that serves it
/// now has, and a copy of each expression of the server (scripts would otherwise come as text). A
/// folder of files does without the site's script for all addresses: a stranger reaches what that
/// shows by its own address, so that the place would be closed in name only.
/// `refused`, with what to write by hand, where a copy would not mean the same.
[[nodiscard]] Result<std::string> with_lines(const nginx::Level& server, const std::string& text,
                                             const SiteLines& lines, const Disk& disk);

/// The lines as somebody writes them by hand.
[[nodiscard]] std::string lines_by_hand(const SiteLines& lines);

}  // namespace gatehouse::cli::init
