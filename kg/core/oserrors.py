"""What the system says of a file or a disk, in the words of people."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "文件不存在，请核对名称和位置",
    errno.EACCES: "没有读取权限，请向文件的所有者或管理员申请",
    errno.EPERM: "没有读取权限，请向文件的所有者或管理员申请",
    errno.EIO: "无法读取：磁盘或网络盘出错，请检查后重试",
    errno.ENAMETOOLONG: "无法读取：路径过长，请缩短文件名或文件夹名",
    errno.ELOOP: "无法读取：链接循环，请改放文件本身",
    errno.ENOTDIR: "文件不存在：路径中有一段不是文件夹，请核对路径",
    errno.EMFILE: "无法读取：打开的文件过多，请稍后重试",
    errno.ESTALE: "无法读取：网络盘没有响应，请检查后重试",
    errno.ENOSPC: "磁盘空间不足，请清理后重试",
    errno.EROFS: "磁盘是只读的，无法写入",
    errno.EEXIST: "文件已存在",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EADDRINUSE: "端口已被占用，请换一个端口",
    errno.EPIPE: "输出被中断",
    errno.ETIMEDOUT: "无法读取：网络盘没有响应，请检查后重试",
}


def why(error: OSError) -> str:
    """Why a file cannot be read, in the words of people; an archive says it itself."""
    words = error.strerror or ""
    if any("\u4e00" <= c <= "\u9fff" for c in words):
        return f"无法读取（{words}）"
    return _REASONS.get(error.errno or 0, f"无法读取：系统错误 {error.errno or '不明'}，请检查文件后重试")
