/// Writes files so that each is whole at every moment, and shows what a change would change.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/fd.h"

namespace gatehouse::cli::init {

/// The text of a file; nothing if there is no such file. `failed` if it cannot be read.
[[nodiscard]] Result<std::optional<std::string>> text_of(const std::filesystem::path& file);

/// Writes the text beside the file, under a name that begins with a dot (nginx's `include
/// sites-enabled/*` passes such a file over), and renames it. A file that is there keeps its owner
/// and mode, and where it is a link, the file behind it is replaced. A new file gets `mode`, and so
/// does one that `mode` closes to all but its owner. Folders that are missing are made.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view text,
                                        mode_t mode = 0644);

/// Keeps others who call this for a file of the same folder waiting, for as long as it lives. To be
/// held from the reading of a file until its replacement, so that no change is lost. `failed` if
/// the folder cannot be opened.
[[nodiscard]] Result<Fd> lock_folder_of(const std::filesystem::path& file);

/// Copies the file into the folder, under its path and the time, with its mode. Gives the name of
/// the copy. The folder is not that of the file: nginx would read a copy there as another site.
[[nodiscard]] Result<std::filesystem::path> back_up(const std::filesystem::path& file,
                                                    const std::filesystem::path& folder);

/// The lines that differ, as `diff -u` shows them, with three lines around. "" if nothing differs.
[[nodiscard]] std::string difference(std::string_view before, std::string_view after,
                                     const std::filesystem::path& file);

}  // namespace gatehouse::cli::init
