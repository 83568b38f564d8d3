"""The one name by which upper floors know an open database transaction; they hand it on and write no SQL with it."""

from sqlmodel.ext.asyncio.session import AsyncSession

Db = AsyncSession
